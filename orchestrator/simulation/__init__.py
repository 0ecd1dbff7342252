"""A sky simulator with known truth: ``simulate(PRESETS["demo"], "DIR")`` writes a session."""

from orchestrator.simulation.config import SimulationConfig, twin
from orchestrator.simulation.faults import FAULTS, corrupt
from orchestrator.simulation.filters import FILTER_SESSIONS, LRGB, simulate_filters
from orchestrator.simulation.presets import PRESETS
from orchestrator.simulation.simulator import simulate
from orchestrator.simulation.truth import SimulationTruth, load_truth

__all__ = ["FAULTS", "FILTER_SESSIONS", "LRGB", "PRESETS", "SimulationConfig", "SimulationTruth", "corrupt", "load_truth",
           "simulate", "simulate_filters", "twin"]
