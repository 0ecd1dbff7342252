"""Stars of a stack, which are searched in parts: a mosaic may be much larger than a frame, and mostly empty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.stars import DetectionSettings, detect, empty_stars
from tilecore.numerics.parts import parts

__all__ = ["detect_in_parts"]

# Overlap (px) of the parts: stars and the cells of their sky are seen as a whole.
HALO = 128


def detect_in_parts(image: NDArray[np.float32], count: NDArray[np.float32], most: int) -> NDArray[np.void]:
    """The ``most`` brightest stars (:data:`tilecore.detect.stars.STAR_DTYPE`) of an image (h, w), brightest first; ``count``
    (h, w) is the number of frames that show a pixel."""
    found = [empty_stars()]
    for part in parts(image.shape, HALO):
        covered = count[part.around] > 0
        if not covered.any():
            continue
        rows, columns = part.around
        pixels, mask = image[part.around], None
        if not covered.all():
            # The border of the data would be taken for an object.
            pixels, mask = np.where(covered, pixels, np.median(pixels[covered])), (~covered).view(np.uint8)
        stars = detect(pixels, DetectionSettings(max_stars=most), mask=mask)
        stars["x"] += columns.start
        stars["y"] += rows.start
        found.append(stars[part.holds(stars["x"], stars["y"])])
    stars = np.concatenate(found)
    return stars[np.argsort(-stars["flux"], kind="stable")][:most]
