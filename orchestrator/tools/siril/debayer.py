"""Siril's demosaicing of one mosaic, by its preferred algorithm (RCD)."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.tools.siril.cli import Expected, SirilProbe, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["debayer"]

# Siril's numbers of the patterns (debayer.pattern).
PATTERNS = {"RGGB": 0, "BGGR": 1, "GBRG": 2, "GRBG": 3}


def debayer(probe: SirilProbe, mosaic: NDArray[np.float32], pattern: str, folder: Path, script: Path, log: Path, *,
            threads: int = 1, memory_gb: float = 2.0, timeout: float | None = None, templates: Path | None = None,
            cancel: threading.Event | None = None) -> NDArray[np.float32]:  # fmt: skip
    """Colours (3, h, w) of a mosaic (h, w) whose pattern is that in memory; ``folder`` is scratch, ``templates`` a person's own.

    Raises
    ------
    ToolError : Siril failed, or made no image of that size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Without ROWORDER in the header Siril takes the first row for the top, as the script says.
    fits_io.write(folder / "mosaic.fit", np.ascontiguousarray(mosaic, np.float32))
    text = render("debayer.ssf.j2", templates, pattern=PATTERNS[pattern], threads=threads, memory_gb=memory_gb)
    write_script(script, text)
    result = folder / "rgb_mosaic.fit"
    run_script(probe, script, folder, log, expected=[Expected(result, 3 * mosaic.size * 4, image=True)], timeout=timeout,
               cancel=cancel, fresh=lambda: result.unlink(missing_ok=True))  # fmt: skip
    found = fits_io.image_layout(result).read()
    if found.shape != (3, *mosaic.shape):
        raise ToolError(f"Siril made an image of {found.shape} from a mosaic of {mosaic.shape}.", f"See {log}.",
                        tool="siril-cli", log=log)  # fmt: skip
    return found
