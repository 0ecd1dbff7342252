"""Multi-night projects."""
