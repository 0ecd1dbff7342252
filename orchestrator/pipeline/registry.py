"""The phases, in the order in which they run."""

from __future__ import annotations

from orchestrator.phases.astrometry import Astrometry
from orchestrator.phases.background import Background
from orchestrator.phases.calibration import Calibration
from orchestrator.phases.clusters import StateClustering, SyntheticFrames
from orchestrator.phases.colour import ColourCalibration
from orchestrator.phases.final_stack import Debayer, Stacking
from orchestrator.phases.metrics import CommonOverlap, GlobalMetrics, LocalMetrics, TileGridPhase
from orchestrator.phases.normalization import Normalization
from orchestrator.phases.phase import Phase
from orchestrator.phases.preview import Preview
from orchestrator.phases.prewarp import ChannelSplit, Prewarp
from orchestrator.phases.registration import Registration
from orchestrator.phases.scan_input import ScanInput
from orchestrator.phases.tile_reconstruction import TileReconstruction
from orchestrator.phases.validation import Validation

__all__ = ["MAKERS", "PHASES", "needs", "phase_names"]

PHASES: tuple[Phase, ...] = (
    ScanInput(),
    Calibration(),
    Registration(),
    Prewarp(),
    ChannelSplit(),
    Normalization(),
    GlobalMetrics(),
    TileGridPhase(),
    CommonOverlap(),
    LocalMetrics(),
    TileReconstruction(),
    StateClustering(),
    SyntheticFrames(),
    Stacking(),
    Debayer(),
    Astrometry(),
    Background(),
    ColourCalibration(),
    Preview(),
    Validation(),
)

# Field of the state -> the phase that sets it.
MAKERS: dict[str, str] = {name: phase.name for phase in PHASES for name in phase.makes}


def needs(phase: Phase) -> tuple[str, ...]:
    """Names of the phases whose results a phase uses, in the order in which they run."""
    wanted = {MAKERS[name] for name in phase.uses} | set(phase.after)
    return tuple(p.name for p in PHASES if p.name in wanted)


def phase_names() -> tuple[str, ...]:
    """Names of all phases, in the order in which they run."""
    return tuple(p.name for p in PHASES)
