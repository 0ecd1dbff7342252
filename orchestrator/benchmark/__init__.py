"""Runs of simulated sessions by this program and others on the same machine, measured side by side."""
