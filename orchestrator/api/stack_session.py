"""One call for one session: stack it and return the frames used, the files and the statistics. A thin layer over run()."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.api.dwarf_export import default_root, write_processed
from orchestrator.combination.run import run
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError
from orchestrator.io import fits as fits_io
from orchestrator.pipeline.result import RunResult
from orchestrator.session.folders import session_name

__all__ = ["StackConfig", "StackResult", "stack_session"]

# Per cent of the pixels below the level that stands for the light of objects.
BRIGHT = 99.5


@dataclass(frozen=True)
class StackConfig:
    """The most common settings; everything else goes into ``settings``, as "section.key=value" like --set.

    ``keep_fraction`` of the frames by score (1: all; the weights decide), ``sigma`` and ``maxiters`` of the rejection,
    ``reference`` "best", "first" or a file name, ``where`` an expression such as "fwhm < 3.2" (docs/FRAMES.md).
    """

    keep_fraction: float = 1.0
    sigma: float | None = None
    maxiters: int | None = None
    reference: str = "best"
    where: str = ""
    settings: tuple[str, ...] = ()

    def to_run_config(self, session: Path) -> RunConfig:
        """Convert to the settings of a run. Raises ConfigError for an invalid value."""
        given = [f"selection.keep_fraction={self.keep_fraction}"]
        if self.sigma is not None:
            given += [f"stacking.sigma_low={self.sigma}", f"stacking.sigma_high={self.sigma}"]
        if self.maxiters is not None:
            given.append(f"stacking.max_iterations={self.maxiters}")
        config = load_config(overrides=[*given, *self.settings])
        if self.where:
            config = load_config(overrides=[*given, f"selection.where='{self.where.replace(chr(39), chr(39) * 2)}'",
                                            *self.settings])
        if "preview_stretch" not in config.output.model_fields_set:
            config.output.preview_stretch = "asinh"  # as the users of this layout expect
        if self.reference != "best":
            config.registration.reference = self.reference
        return config


@dataclass(frozen=True)
class StackResult:
    """``kept`` are the lights used, ``rejected`` the others with their reasons; ``outputs`` maps master_linear, master_quicklook,
    run_manifest, report ... and the products of the run to files; ``stats`` are its statistics, with ``snr_proxy``: how far the
    brightest half per cent of the pixels is above the sky, in units of the noise (green or mono; None: not known)."""

    kept: tuple[Path, ...]
    rejected: tuple[tuple[Path, str], ...]
    outputs: dict[str, Path]
    stats: dict[str, Any]
    run: RunResult = field(repr=False)


def stack_session(path: str | Path, output_root: str | Path | None = None, config: StackConfig | None = None) -> StackResult:
    """Stack the session in ``path``; its outputs go to ``output_root/SESSION`` (by default processedData next to rawData).

    With several filters frames, files and statistics are those of all filters, and the master is their combination; the status
    in ``stats`` is "incomplete" if one of them could not be stacked.

    Raises
    ------
    ConfigError, InputError, ToolError, RunError : it could not be stacked; finished products stay in the run directory.
    """
    session = Path(path).expanduser()
    root = default_root(session) if output_root is None else Path(output_root).expanduser()
    settings = (config or StackConfig()).to_run_config(session)
    if root.resolve().is_relative_to(session.resolve()):
        raise ConfigError(f"{root} is inside the session {session}, which is never written to.",
                          "Choose another output_root.")
    result = run(session, settings, runs_dir=root / session_name(session) / "runs")
    if result.error is not None and result.status != "incomplete":
        raise result.error
    from orchestrator.report.files import RunFiles
    from orchestrator.report.frames import frame_rows

    rows = [row for one in result.single_runs for row in frame_rows(RunFiles(one.directory))]
    kept = tuple(Path(r.path) for r in rows if r.kept)
    rejected = tuple((Path(r.path), r.reason) for r in rows if not r.kept)
    stats = {**result.statistics.to_dict(), "frames": len(rows), "kept": len(kept), "rejected": len(rejected),
             "status": result.status, "snr_proxy": _snr_proxy(result.stack, result.statistics.noise_adu)}
    return StackResult(kept, rejected, {**result.products, **write_processed(result, session, root)}, stats, result)


def _snr_proxy(stack: Path | None, noise_adu: float | None) -> float | None:
    """(99.5 % quantile - median) / noise of a stack."""
    if stack is None or not noise_adu:
        return None
    data = fits_io.image_layout(stack).read() * np.float32(fits_io.FULL_SCALE)
    plane = data if data.ndim == 2 else data[1]
    sky, bright = np.percentile(plane[plane != 0], (50, BRIGHT)) if (plane != 0).any() else (0.0, 0.0)
    return float((bright - sky) / noise_adu)
