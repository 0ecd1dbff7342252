"""Readers of image formats other than FITS: each module has the functions that :mod:`orchestrator.io.frames` describes."""
