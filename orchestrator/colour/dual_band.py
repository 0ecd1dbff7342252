"""H-alpha, [O III] and an HOO image from a colour camera behind a dual-band filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.colour.result import Declined
from orchestrator.io.fits import FULL_SCALE
from tilecore.emission_lines import line_images, measure_crosstalk
from tilecore.numerics.statistics import mad_sigma
from tilecore.sky import background_extraction as bge

__all__ = ["LineImages", "split_lines"]


@dataclass(frozen=True)
class LineImages:
    """``ha`` and ``oiii`` (h, w), ``hoo`` (3, h, w), float32, above the sky of red and green; ``report`` goes to pcc.json."""

    ha: NDArray[np.float32]
    oiii: NDArray[np.float32]
    hoo: NDArray[np.float32]
    report: dict[str, Any]


def split_lines(image: NDArray[np.float32], saturation: float) -> LineImages:
    """Separate the lines of a linear colour image (3, h, w); pixels that are 0 in all channels stay 0.

    Raises Declined if no sky can be found.
    """
    covered = (image != 0).any(axis=0)
    try:
        mask, _ = bge.object_mask(image, covered, saturation)
        sky = bge.sky_levels(image, mask)
    except ValueError as error:
        raise Declined(str(error)) from error
    light = image - np.array(sky, np.float32)[:, None, None]
    noise = tuple(mad_sigma(np.diff(c[::4], axis=1)[covered[::4, 1:]], 0.0) / np.sqrt(2) for c in image)
    crosstalk = measure_crosstalk(light, mask)
    ha, oiii = line_images(light, crosstalk, (noise[0], noise[1], noise[2]))
    ha, oiii = (np.where(covered, np.maximum(part + np.float32(level), 0), 0).astype(np.float32)
                for part, level in ((ha, sky[0]), (oiii, sky[1])))
    # One level for the three colours: the sky of the picture is grey.
    hoo = np.stack([np.where(covered, np.maximum(ha + np.float32(sky[1] - sky[0]), 0), 0), oiii, oiii]).astype(np.float32)
    report = {"crosstalk": {"green_of_ha": crosstalk.green_of_ha, "blue_of_ha": crosstalk.blue_of_ha,
                            "red_of_oiii": crosstalk.red_of_oiii, "blue_of_oiii": crosstalk.blue_of_oiii},
              "blocks_measured": list(crosstalk.measured), "background_adu": [FULL_SCALE * s for s in sky]}
    return LineImages(ha, oiii, hoo, report)
