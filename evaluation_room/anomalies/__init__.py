"""Indicators and screens (异常预警): figures that are clues for people; none of them ever changes a score or a bid."""
