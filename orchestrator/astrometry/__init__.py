"""Plate solving: hints for a field, the solvers, the check of their solutions, and the WCS in files."""
