"""Tile grid, local metrics, weights, rejection and reconstruction of astronomical frames, in numpy and numba."""

import logging

import cv2
import numba

# The kernels spell out neighbouring pixels; the compiler packs them into vectors only when asked to.
numba.config.SLP_VECTORIZE = 1
# Frames are worked on side by side: OpenCV's own threads would wait for one another, and keep the processors from us.
cv2.setNumThreads(1)
logging.getLogger(__name__).addHandler(logging.NullHandler())
