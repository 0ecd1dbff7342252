"""Plate solving: what is known of a field, the solvers, the check of what they find, and the WCS in the files."""
