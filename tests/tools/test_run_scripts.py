"""`orchestrate script --run`: scripts that were written are run by the real Siril, with progress."""

from __future__ import annotations

from pathlib import Path

from astropy.io import fits
from click.testing import CliRunner

from orchestrator.cli.main import cli
from orchestrator.errors import InputError
from orchestrator.tools.siril.cli import SirilProgram


def test_written_scripts_are_run_by_a_verb(simulated, siril: SirilProgram, tmp_path: Path) -> None:
    session, _ = simulated("tiny_mono", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    folder = tmp_path / "scripts"
    written = CliRunner().invoke(cli, ["script", str(session), "-o", str(folder), "--name", "M31", "--set", "input.min_frames=3"],
                                 standalone_mode=False)
    assert written.exception is None and "orchestrate script --run" in written.output
    done = CliRunner().invoke(cli, ["script", "--run", str(folder)], standalone_mode=False)
    assert done.exception is None, done.exception
    assert str(folder / "M31_final.fit") in done.output and " %  " in done.output
    assert fits.getheader(folder / "M31_final.fit")["STACKCNT"] == 5
    wrong = CliRunner().invoke(cli, ["script", "--run", str(tmp_path)], standalone_mode=False)
    assert isinstance(wrong.exception, InputError) and "run_project.ssf" in str(wrong.exception)
