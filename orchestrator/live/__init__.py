"""Stacking while frames arrive."""
