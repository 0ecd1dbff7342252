"""`orchestrate warmup`."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click

from orchestrator.cli.verbs import Verb, is_quiet, progress_form, progress_option

__all__ = ["warmup"]

# Sessions whose runs need the kernels of most sessions: a colour camera, and a monochrome one with co-addition.
SESSIONS = {"tiny_osc": (), "tiny_mono": ("reconstruction.method=proper",)}


@click.command(cls=Verb)
@progress_option
def warmup() -> int:
    """Compile the kernels that runs need, once after an installation or update. Later runs start at once.

    Two small simulated sessions are stacked in a temporary folder, which is removed.
    """
    from orchestrator import run
    from orchestrator.cli.progress import Progress
    from orchestrator.config.load import load_config
    from orchestrator.runtime.kernels import kernels_ready
    from orchestrator.simulation import PRESETS, simulate

    click.echo("Preparing again; most kernels are compiled already." if kernels_ready()
               else "Preparing, once after an installation: about a minute.")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, Progress(silent=is_quiet(), form=progress_form()) as progress:
        for number, (preset, overrides) in enumerate(SESSIONS.items(), 1):
            progress.listen({"event": "channel_start", "filter": preset, "number": number, "total": len(SESSIONS)})
            session = Path(scratch) / preset
            simulate(replace(PRESETS[preset], n_frames=6), session)
            config = load_config([], None, ["engine.name=native", "astrometry.solver=none", *overrides])
            result = run(session, config, runs_dir=Path(scratch) / "runs", run_id=preset, listeners=(progress.listen,))
            if result.error is not None:
                raise result.error
    click.echo(f"Ready after {time.monotonic() - began:.0f} s.")
    return 0
