"""Siril: its command line, its scripts, and the single steps that are left to it."""
