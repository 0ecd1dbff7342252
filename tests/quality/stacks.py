"""Stacks of simulated sessions on the pixels of one of their lights, without what follows a stack."""

from __future__ import annotations

from pathlib import Path

from orchestrator import RunConfig, run
from orchestrator.pipeline.result import RunResult

__all__ = ["stack_onto"]


def stack_onto(reference: int, session: Path, runs: Path, name: str | None = None, **settings: object) -> RunResult:
    """The run by the native engine whose canvas is the light numbered ``reference`` (from 0)."""
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "astrometry": {"solver": "none"}, "canvas": {"extent": "reference"},
        "registration": {"reference": f"light_{reference + 1:05d}.fit"}, "output": {"report": False, "preview": False},
        "bge": {"enabled": False}, **settings})
    result = run(session, config, runs_dir=runs, run_id=name)
    assert result.error is None, result.error
    return result
