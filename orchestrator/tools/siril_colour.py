"""Siril's photometric colour calibration (``pcc``) of one image that has a WCS."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import fits_io
from orchestrator.errors import ToolError
from orchestrator.tools.siril import Expected, SirilProbe, run_script
from orchestrator.tools.siril_script import render, write_script

__all__ = ["pcc_gains"]

_FACTOR = re.compile(r"K([012]):\s*([0-9.]+)")
_STARS = re.compile(r"using (\d+) stars")


def pcc_gains(probe: SirilProbe, image: NDArray[np.float32], header: fits.Header, catalog: Path, folder: Path, script: Path,
              log: Path, *, threads: int = 1, memory_gb: float = 2.0, timeout: float | None = None,
              cancel: threading.Event | None = None) -> tuple[tuple[float, float, float], int]:
    """Gains of red, green (1) and blue, and the number of stars; ``image`` is (3, h, w), ``catalog`` Siril's Gaia file.

    Raises
    ------
    ToolError : Siril failed, or names no factors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fits_io.write(folder / "image.fit", np.ascontiguousarray(image, np.float32), header)
    text = render("pcc.ssf.j2", catalog=catalog.absolute(), threads=threads, memory_gb=memory_gb)
    write_script(script, text)
    result = folder / "result.fit"
    done = run_script(probe, script, folder, log, expected=[Expected(result, image.size * 4, image=True)], timeout=timeout,
                      cancel=cancel, fresh=lambda: result.unlink(missing_ok=True))  # fmt: skip
    # The last three are those that were applied.
    factors = {int(m[1]): float(m[2]) for line in done.lines if (m := _FACTOR.search(line))}
    stars = [int(m[1]) for line in done.lines if (m := _STARS.search(line))]
    if sorted(factors) != [0, 1, 2] or min(factors.values()) <= 0:
        raise ToolError("Siril's pcc names no factors.", f"See {log}.", tool="siril-cli", log=log)
    return (factors[0] / factors[1], 1.0, factors[2] / factors[1]), (stars[-1] if stars else 0)
