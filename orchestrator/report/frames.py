"""Table of the frames: measurements, weight and reason of exclusion of each light."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.report.files import RunFiles
from orchestrator.report.model import FrameRow
from orchestrator.report.wording import finite

__all__ = ["frame_rows", "mean_weights"]


def frame_rows(files: RunFiles) -> list[FrameRow]:
    """All lights in the order of the session, as far as the run got; then the files that were excluded by the scan."""
    scan, registration = files.json("scan_input"), files.json("registration")
    lights = {str(f.get("path")): f for f in scan.get("frames", {}).get("light", [])}
    registered = {str(f.get("file")): f for f in registration.get("frames", [])}
    rows, shape = [], (scan.get("shape") or [1, 1])[-2:]
    for number, path in enumerate(list(registered) or list(lights), 1):
        rows.append(_row(number, path, lights.get(path, {}), registered.get(path), registration, shape))
    names = Counter(row.file for row in rows)
    for row in rows:
        if names[row.file] > 1:  # lights of several nights: with the folders of the night, as `exclude` also accepts them
            row.file = "/".join(PurePath(row.path).parts[-3:])
    _add_measurements(rows, files)
    for item in scan.get("excluded", []):
        path = str(item.get("path"))
        reason = f"{item.get('reason', '')} {item.get('remedy', '')}".strip()
        rows.append(FrameRow(len(rows) + 1, PurePath(path).name, path, False, reason))
    return rows


def _row(number: int, path: str, light: dict[str, Any], found: dict[str, Any] | None,
         registration: dict[str, Any], shape: list[int]) -> FrameRow:
    row = FrameRow(number, PurePath(path).name, path, found is None or bool(found.get("used")),
                   time=light.get("time"), exposure=finite(light.get("exposure")))
    if found is None:
        return row
    # Lights of several nights may have the same names.
    known = registration.get("reference_file")
    reference = path == known if known else row.file == registration.get("reference")
    row.reason = str(found.get("reason") or "") or ("the reference" if reference else "")
    row.residual, row.matched = finite(found.get("residual_px")), _count(found.get("matched_stars"))
    row.fwhm, row.stars = finite(found.get("fwhm_px")), _count(found.get("stars"))
    matrix = found.get("matrix")
    if matrix:
        # Shift of the field centre and rotation relative to the reference.
        x, y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
        depth = matrix[2][0] * x + matrix[2][1] * y + matrix[2][2] or 1.0
        row.dx, row.dy = (finite((m[0] * x + m[1] * y + m[2]) / depth - at) for m, at in zip(matrix[:2], (x, y), strict=True))
        row.rotation = math.degrees(math.atan2(matrix[1][0], matrix[0][0]))
    if reference:
        row.residual = None  # relative to itself: not a measurement
    return row


def _add_measurements(rows: list[FrameRow], files: RunFiles) -> None:
    """Add the results of GLOBAL_METRICS and LOCAL_METRICS to the frames used; they are in the same order."""
    used = [r for r in rows if r.kept]
    metrics = files.json("global_metrics").get("frames", [])
    weights = mean_weights(files)
    labels = files.json("state_clustering").get("labels", [])
    manual = files.json("local_metrics").get("excluded_where", {})
    for index, row in enumerate(used):
        row.used_index = index
        if row.path in manual:
            row.reason = "; ".join(r for r in (row.reason, f"left out by hand {manual[row.path]}") if r)
        if len(metrics) == len(used):
            m = metrics[index]
            row.kept, row.score = not m.get("left_out"), finite(m.get("score", {}).get("score"))
            row.conditions = "; ".join(f"{c['name']}: {c['reason']}" for c in m.get("score", {}).get("conditions", []))
            row.reason = "; ".join(r for r in (row.reason, m.get("left_out"), row.conditions) if r)
            row.fwhm, row.wfwhm, row.roundness = (finite(m.get(k)) for k in ("fwhm_px", "wfwhm_px", "roundness"))
            row.stars, row.trails = _count(m.get("stars")), len(m.get("trails") or [])
            row.background, row.noise, row.gradient = (m.get(k) for k in ("background_adu", "noise_adu", "gradient_energy"))
            row.transparency, row.quality, row.global_weight = m.get("transparency"), m.get("Q"), m.get("G")
        if weights is not None and len(weights) == len(used):
            row.share = float(weights[index])
            row.weight = float(weights[index] * len(used))
        if len(labels) == len(used):
            row.cluster = int(labels[index])


def _count(value: Any) -> int | None:
    known = finite(value)
    return None if known is None else int(known)


def mean_weights(files: RunFiles) -> NDArray[np.float64] | None:
    """Weight fraction (N,) of each frame used: the mean over tiles and channels; None if unknown."""
    weights = files.array("tile_weights", 4)
    if weights is None:
        return None
    total, slots = np.maximum(weights.sum(axis=1, dtype=np.float64), 1e-30), files.slots(weights)
    shares = [(slots.of(weights, i) / total[(slice(None), *slots.window(i))]).sum() / total.size for i in range(slots.count)]
    return np.array(shares, np.float64)
