"""The result of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.json_files import plain
from orchestrator.message import packed
from orchestrator.pipeline.forecast import Forecast
from orchestrator.rundir.output_files import STAGES
from orchestrator.rundir.statistics import RunStatistics

__all__ = ["RunResult"]


@dataclass(frozen=True)
class RunResult:
    """The result of a run.

    Attributes
    ----------
    status : ok, validation_failed, aborted or failed; incomplete if one of several filters or fields failed.
    products : names (stacked, stacked_rgb, variance, coverage, preview, master_dark, ...) -> files.
    statistics : the figures, typed; ``to_dict()`` gives a dictionary.
    weights : (channels, frames, tile rows, tile columns); the second axis has the slots of artifacts/tile_slots.npy for a sparse
        mosaic. None for several filters.
    ran : the phases that were run, without those kept from an earlier attempt.
    forecast : what the run would need; dry runs only.
    restored : files of the run that were missing or changed and were restored from its checkpoints.
    channels : the runs of several filters, by channel, or of several fields, by name; ``products`` are then those of the
        combination of the filters, and "stacked_CHANNEL" and so on those of each.
    """

    status: str
    exit_code: ExitCode
    directory: Path
    products: dict[str, Path] = field(default_factory=dict)
    statistics: RunStatistics = field(default_factory=RunStatistics)
    warnings: list[str] = field(default_factory=list)
    weights: NDArray[np.floating] | None = None
    error: OrchestrateError | None = None
    ran: tuple[str, ...] = ()
    channels: dict[str, RunResult] = field(default_factory=dict)
    restored: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def stack(self) -> Path | None:
        """The most finished linear stack, None if there is none."""
        return next((self.products[name] for name in STAGES if name in self.products), None)

    @property
    def stack_before_colours(self) -> Path | None:
        """The most finished linear stack whose colours are not calibrated, None if there is none."""
        return next((self.products[name] for name in STAGES[1:] if name in self.products), None)

    @property
    def picture(self) -> Path | None:
        """The image to show: the final image of a project if there is one; of several filters that are not combined the stack of
        the first one, of several fields that of the largest one. None after a failure."""
        if self.error is not None and self.status != "incomplete":
            return None
        parts = sorted(self.single_runs, key=lambda r: -(r.statistics.frames_used or 0)) if self.statistics.fields else ()
        found = (path for run in (self, *parts, *self.channels.values())
                 for path in (run.products.get("final_pcc"), run.products.get("final"), run.stack))
        return next((path for path in found if path is not None), None)

    @property
    def single_runs(self) -> list[RunResult]:
        """The runs of single stacks: those of all fields and filters, or this one."""
        return [one for run in self.channels.values() for one in run.single_runs] or [self]

    def to_dict(self) -> dict[str, Any]:
        """For JSON; without ``weights``."""
        return dict(plain({
            "status": self.status, "exit_code": int(self.exit_code), "directory": self.directory,
            "products": self.products, "statistics": self.statistics.to_dict(), "warnings": self.warnings,
            "warning_texts": [packed(w) for w in self.warnings],
            "error": str(self.error) if self.error else None, "error_text": packed(self.error.text) if self.error else None,
            "ran": self.ran, "restored": self.restored,
            "channels": {name: result.to_dict() for name, result in self.channels.items()},
            **({"forecast": self.forecast.to_dict()} if self.forecast else {})}))
