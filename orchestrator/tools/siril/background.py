"""Siril's background extraction (``subsky``) of one image."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ToolError
from orchestrator.io import fits as fits_io
from orchestrator.tools.siril.cli import Expected, SirilProbe, run_script
from orchestrator.tools.siril.script import render, write_script

__all__ = ["subsky"]


def subsky(probe: SirilProbe, image: NDArray[np.float32], folder: Path, script: Path, log: Path, *, order: int = 2,
           rbf: bool = False, samples: int = 20, tolerance: float = 1.0, smooth: float = 0.5, threads: int = 1,
           memory_gb: float = 2.0, timeout: float | None = None, templates: Path | None = None,
           cancel: threading.Event | None = None) -> NDArray[np.float32]:  # fmt: skip
    """``image``, (h, w) or (3, h, w), less Siril's model of its sky, as Siril leaves it; ``folder`` is scratch, ``templates`` a
    person's own.

    Raises
    ------
    ToolError : Siril failed, for example because it found no sky to sample.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fits_io.write(folder / "image.fit", np.ascontiguousarray(image, np.float32))
    text = render("subsky.ssf.j2", templates, order=order, rbf=rbf, samples=samples, tolerance=tolerance, smooth=smooth,
                  threads=threads, memory_gb=memory_gb)  # fmt: skip
    write_script(script, text)
    result = folder / "result.fit"
    run_script(probe, script, folder, log, expected=[Expected(result, image.size * 4, image=True)], timeout=timeout,
               cancel=cancel, fresh=lambda: result.unlink(missing_ok=True))  # fmt: skip
    found = fits_io.image_layout(result).read()
    if found.shape != image.shape:
        raise ToolError(f"Siril made an image of {found.shape} from one of {image.shape}.", f"See {log}.", tool="siril-cli",
                        log=log)  # fmt: skip
    return found
