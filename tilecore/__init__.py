"""Tile grid, local metrics, weights, rejection and reconstruction of astronomical frames, in numpy and numba."""

import logging

import cv2

# Frames are worked on in parallel: OpenCV's own threads would wait for one another and compete with ours.
cv2.setNumThreads(1)
logging.getLogger(__name__).addHandler(logging.NullHandler())
