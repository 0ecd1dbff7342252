"""Tile grid, local metrics, weights, rejection and reconstruction of astronomical frames, in numpy and numba."""

import cv2

# Frames are worked on in parallel: OpenCV's own threads would wait for one another and compete with ours.
cv2.setNumThreads(1)
