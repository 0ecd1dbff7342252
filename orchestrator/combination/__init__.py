"""Stacks of several filters as one picture: which filters, a run for each on the same pixels, and their combination."""
