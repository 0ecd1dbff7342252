"""The result of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.json_files import plain
from orchestrator.rundir.output_files import STAGES
from orchestrator.rundir.statistics import RunStatistics

__all__ = ["RunResult"]


@dataclass(frozen=True)
class RunResult:
    """The result of a run.

    Attributes
    ----------
    status : ok, validation_failed, aborted or failed; incomplete if one of several filters failed.
    products : names (stacked, stacked_rgb, variance, coverage, preview, master_dark, ...) -> files.
    statistics : the figures, typed; ``to_dict()`` gives a dictionary.
    weights : (channels, frames, tile rows, tile columns); None for several filters.
    ran : the phases that were run, without those kept from an earlier attempt.
    channels : the runs of several filters, by channel; ``products`` are then those of their combination, and "stacked_CHANNEL"
        and so on those of each.
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

    @property
    def stack(self) -> Path | None:
        """The most finished linear stack, None if there is none."""
        return next((self.products[name] for name in STAGES if name in self.products), None)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; without ``weights``."""
        return dict(plain({
            "status": self.status, "exit_code": int(self.exit_code), "directory": self.directory,
            "products": self.products, "statistics": self.statistics.to_dict(), "warnings": self.warnings,
            "error": str(self.error) if self.error else None, "ran": self.ran,
            "channels": {name: result.to_dict() for name, result in self.channels.items()}}))
