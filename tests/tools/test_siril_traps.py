"""Silent failures of Siril, each shown with the real program, and that they are detected."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.errors import Cancelled, ToolError
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script, siril_environment

WORKS = "requires 1.4.0\nload a\nsave b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A work folder with one image."""
    folder = tmp_path / "work"
    folder.mkdir()
    fits.writeto(folder / "a.fit", np.arange(64 * 64, dtype=np.uint16).reshape(64, 64))
    return folder


def script(folder: Path, content: str | bytes) -> Path:
    path = folder.parent / "s.ssf"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def run(siril: SirilProgram, folder: Path, content: str | bytes, **options: object):  # type: ignore[no-untyped-def]
    path, log = script(folder, content), folder.parent / "siril.log"
    expected = options.pop("expected", ())
    return run_script(siril, ScriptJob(path, folder, log, expected), **options)  # type: ignore[arg-type]


def bare(siril: SirilProgram, folder: Path, content: str | bytes) -> subprocess.CompletedProcess[str]:
    """Siril without the checks of run_script."""
    home = folder.parent / "bare"
    home.mkdir()
    settings = home / "s.ini"
    settings.touch()
    command = [siril.path, "-o", "-i", settings, "-d", folder, "-s", script(folder, content)]
    return subprocess.run(command, env=siril_environment(home), capture_output=True, text=True, timeout=60)


def test_a_whole_script_runs(siril: SirilProgram, folder: Path) -> None:
    done = run(siril, folder, WORKS, expected=[Expected(folder / "b.fit", 64 * 64 * 2)])
    assert done.attempts == 1 and (folder / "b.fit").exists()
    assert "running command save" in (folder.parent / "siril.log").read_text(errors="replace")


@pytest.mark.parametrize(
    "content",
    [
        "load a\nsave b\n",
        "\ufeff" + WORKS,
        WORKS.replace("load", "# caf\xe9\nload").encode("latin-1"),
    ],
    ids=["no requires", "byte order mark", "not UTF-8"],
)
def test_a_script_that_siril_skips_with_success_is_refused(siril, folder: Path, content: str | bytes) -> None:
    unguarded = bare(siril, folder, content)
    assert unguarded.returncode == 0 and not (folder / "b.fit").exists(), "Siril has been mended: drop this guard"
    with pytest.raises(ToolError):
        run(siril, folder, content)


def test_no_python_is_found_so_that_siril_installs_nothing(siril: SirilProgram, folder: Path) -> None:
    run(siril, folder, WORKS)
    home = folder / ".siril"
    assert not any((home / "bin" / name).exists() for name in ("python", "python3"))
    assert not list(home.rglob("pyvenv.cfg"))


def test_the_environment_holds_nothing_of_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "XDG_CONFIG_HOME", "LC_MESSAGES"):
        monkeypatch.setenv(name, "/outside")
    found = siril_environment(tmp_path)
    assert "/outside" not in found.values()
    assert found["HOME"] == str(tmp_path) and found["LANG"] == "C.UTF-8"
    assert shutil.which("python3", path=found["PATH"]) is None


def test_settings_do_not_leak_into_the_users_settings_nor_the_next_run(siril, folder: Path, monkeypatch) -> None:
    home = folder.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    run(siril, folder, "requires 1.4.0\nsetext fits\nload a\nsave b\n", expected=[Expected(folder / "b.fits")])
    assert not list(home.iterdir())
    run(siril, folder, "requires 1.4.0\nload a\nsave c\n", expected=[Expected(folder / "c.fit")])


def test_a_work_folder_that_does_not_exist_is_an_error(siril: SirilProgram, tmp_path: Path) -> None:
    path = script(tmp_path / "x", WORKS)
    with pytest.raises(ToolError, match="does not exist"):
        run_script(siril, ScriptJob(path, tmp_path / "gone", tmp_path / "log"))


def test_a_failing_command_is_reported_with_the_message_of_siril(siril: SirilProgram, folder: Path) -> None:
    with pytest.raises(ToolError, match=r"No sequence `nothing' found.*Error in line 3") as caught:
        run(siril, folder, "requires 1.4.0\nload a\nstack nothing rej w 3 3\n")
    assert caught.value.returncode == 1 and caught.value.last_lines and caught.value.log is not None


def test_exit_before_the_end_is_not_a_success(siril: SirilProgram, folder: Path) -> None:
    content = "requires 1.4.0\nload a\nexit\nsave b\n"
    assert bare(siril, folder, content).returncode == 0
    with pytest.raises(ToolError):
        run(siril, folder, content, expected=[Expected(folder / "b.fit")])


def test_a_missing_an_old_and_a_short_output_are_noticed(siril: SirilProgram, folder: Path) -> None:
    with pytest.raises(ToolError, match="was not made"):
        run(siril, folder, WORKS, expected=[Expected(folder / "c.fit")])
    os.utime(folder / "a.fit", (time.time() - 3600,) * 2)
    with pytest.raises(ToolError, match="older than the run"):
        run(siril, folder, WORKS, expected=[Expected(folder / "a.fit")])
    with pytest.raises(ToolError, match="has only"):
        run(siril, folder, WORKS, expected=[Expected(folder / "b.fit", 1 << 30)])


def test_siril_crashes_on_dark_optimisation_of_small_frames_and_this_is_reported(siril: SirilProgram, folder: Path) -> None:
    shutil.copy(folder / "a.fit", folder / "b.fit")
    content = "requires 1.4.0\ncalibrate_single a -dark=b -opt\n"
    with pytest.raises(ToolError, match="crashed twice"):
        run(siril, folder, content)


@pytest.mark.parametrize("name", ["a b", "it's", 'a "x"', "#1 $D$", "é ü", "two\nlines"])
def test_work_folders_with_odd_names_work(siril: SirilProgram, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.mkdir()
    fits.writeto(odd / "a.fit", np.zeros((8, 8), np.uint16))
    run(siril, odd, WORKS, expected=[Expected(odd / "b.fit")])


def test_progress_is_reported(siril: SirilProgram, folder: Path) -> None:
    for n in (1, 2, 3):
        fits.writeto(folder / f"x_0000{n}.fit", np.full((64, 64), n, np.uint16))
    heard: list[float] = []
    run(siril, folder, "requires 1.4.0\nstack x rej w 3 3 -nonorm\n", on_progress=lambda _, share: heard.append(share))
    assert heard and max(heard) <= 1 and min(heard) >= 0


def test_a_cancelled_run_ends_siril(siril: SirilProgram, folder: Path) -> None:
    for n in range(1, 60):
        fits.writeto(folder / f"x_{n:05d}.fit", np.random.default_rng(n).integers(0, 999, (900, 900)).astype(np.uint16))
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        run(siril, folder, "requires 1.4.0\nstack x rej w 3 3 -norm=addscale\n", cancel=cancel,
            on_progress=lambda _text, _share: cancel.set())  # fmt: skip
    assert not (folder / "x_stacked.fit").exists()
