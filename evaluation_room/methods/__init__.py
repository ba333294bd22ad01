"""Evaluation methods (评标办法): how sheets and prices become totals and an order."""
