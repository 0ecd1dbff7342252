"""Stacks a session with seiza: ``python -m orchestrator.benchmark.seiza_process SESSION FOLDER RESULT``."""

from __future__ import annotations

import sys
from pathlib import Path

import seiza

__all__ = ["main"]


def main(session: Path, folder: Path, result: Path) -> None:
    """Make the masters in ``folder``, then the stack."""
    def files(role: str) -> list[Path]:
        return sorted((session / role).iterdir())

    bias, dark, flat = (folder / f"{name}.fits" for name in ("bias", "dark", "flat"))
    seiza.build_bias(files("biases"), bias)
    seiza.build_dark(files("darks"), dark)
    seiza.build_flat(files("flats"), flat, bias=bias)
    options = seiza.StackOptions(weighting="equal", demosaic="bilinear")
    done = seiza.stack_fits(files("lights"), result, options=options, dark=dark, flat=flat)
    print(done.accepted_frames, "frames")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
