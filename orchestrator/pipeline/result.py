"""What a run gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.json_files import plain
from orchestrator.rundir.output_files import STAGES

__all__ = ["RunResult"]


@dataclass(frozen=True)
class RunResult:
    """What a run gives back.

    ``status`` is ok, validation_failed, aborted or failed; incomplete when of several filters one failed. ``products`` maps
    names (stacked, stacked_rgb, variance, coverage, preview, master_dark, ...) to files. ``weights`` is (channels, frames, tile
    rows, tile columns). ``ran`` names the phases that were run, without those kept from an earlier attempt.
    ``channels`` are the runs of several filters, by channel; then ``products`` are those of their combination, and
    "stacked_CHANNEL" and so on those of each, and ``weights`` is None.
    """

    status: str
    exit_code: ExitCode
    directory: Path
    products: dict[str, Path] = field(default_factory=dict)
    statistics: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    weights: NDArray[np.floating] | None = None
    error: OrchestrateError | None = None
    ran: tuple[str, ...] = ()
    channels: dict[str, RunResult] = field(default_factory=dict)

    @property
    def stack(self) -> Path | None:
        """The most finished linear stack, None where there is none."""
        return next((self.products[name] for name in STAGES if name in self.products), None)

    def to_dict(self) -> dict[str, Any]:
        return dict(plain({
            "status": self.status, "exit_code": int(self.exit_code), "directory": self.directory,
            "products": self.products, "statistics": self.statistics, "warnings": self.warnings,
            "error": str(self.error) if self.error else None, "ran": self.ran,
            "channels": {name: result.to_dict() for name, result in self.channels.items()}}))
