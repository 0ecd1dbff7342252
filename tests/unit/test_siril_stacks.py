"""Stacks by Siril beside the frames of a run are found by their names and headers."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator import siril_stacks
from orchestrator.rundir.record import RunRecord


def write(path: Path, when: int, **cards: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.writeto(path, np.zeros((4, 5), np.float32), fits.Header(list(cards.items())))
    os.utime(path, (when, when))
    return path


def test_stacks_of_siril_are_found_in_the_session_and_beside_it(tmp_path: Path) -> None:
    session, siril = tmp_path / "M31", {"PROGRAM": "Siril 1.4.2", "STACKCNT": 12}
    run = tmp_path / "runs" / "M31"
    (session / "lights").mkdir(parents=True)
    RunRecord(run, (session,), []).begin()
    older = write(session / "process" / "r_pp_light_stacked.fit", 1000, **siril)
    newer = write(session / "result_3600s.fit", 2000, **siril)
    beside = write(tmp_path / "M31_stacked.fits", 1500, **siril)
    write(session / "process" / "pp_light_00001.fit", 3000, **siril)  # another name
    write(session / "masters" / "flat_stacked.fit", 3000, PROGRAM="orchestrate", STACKCNT=12)  # of another program
    write(session / "result.fit", 3000, **{**siril, "STACKCNT": 1})  # one frame
    (session / "results").mkdir()
    (session / "results" / "result.fit").write_bytes(b"no FITS")
    assert siril_stacks(run) == [newer, beside, older]
    assert siril_stacks(tmp_path / "nothing") == []
