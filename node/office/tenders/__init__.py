"""Tenders of this centre: their facts, bidders and bid files."""
