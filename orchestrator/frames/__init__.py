"""Looking through the frames of a session: scores, what befell them, selections, lists, an animation."""
