"""Fixtures of the tests with external programs: the real programs, and small sessions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.io.fits import image_layout, read_header
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.cli import SirilProgram, find_siril
from tests.conftest import missing

FOLDERS = {
    Role.LIGHT: "lights",
    Role.DARK: "darks",
    Role.FLAT: "flats",
    Role.BIAS: "biases",
    Role.DARKFLAT: "darkflats",
}


def real_tool(name: str) -> Path:
    """A wrapper made by scripts/real-tools.sh, or the program on PATH."""
    tools = Path(os.environ.get("ORCHESTRATE_TOOLS_DIR", Path.home() / ".cache" / "orchestrate" / "tools"))
    found = shutil.which(name, path=os.pathsep.join([str(tools / "bin"), os.environ.get("PATH", "")]))
    if found is None:
        missing(name)
    return Path(str(found))


@pytest.fixture(scope="session")
def siril() -> SirilProgram:
    return find_siril(real_tool("siril-cli"))


@pytest.fixture(scope="session")
def tools() -> Callable[[str], Path]:
    """tools(name): a real external program."""
    return real_tool


@pytest.fixture(scope="session")
def siril_1_0() -> Path:
    return real_tool("siril-cli-1.0")


@pytest.fixture(scope="session")
def session_in() -> Callable[..., Session]:
    """session_in(folder, cfa, dark=path): the session in a folder; named paths are masters that the user gave."""
    return _read_session


@pytest.fixture(scope="session")
def light_info() -> Callable[[Path], FrameInfo]:
    return lambda path: _frame_info(path, Role.LIGHT, None)


def _read_session(folder: Path, cfa: str | None = None, **masters: Path) -> Session:
    """The session in a folder as the simulator writes it; no classification, no checks."""
    frames = {role: _frames(folder / name, role, cfa) for role, name in FOLDERS.items() if (folder / name).is_dir()}
    given = {Role(kind): _frame_info(path, Role(kind), cfa) for kind, path in masters.items()}
    return Session((folder,), folder.name, frames, given)


def _frames(folder: Path, role: Role, cfa: str | None) -> tuple[FrameInfo, ...]:
    return tuple(_frame_info(path, role, cfa) for path in sorted(folder.iterdir()))


def _frame_info(path: Path, role: Role, cfa: str | None) -> FrameInfo:
    compressed = path.name.endswith((".gz", ".fz"))
    header = read_header(path)
    shape = (int(header["NAXIS2"]), int(header["NAXIS1"])) if compressed else image_layout(path).shape
    top_down = str(header.get("ROWORDER", "TOP-DOWN")) != "BOTTOM-UP"
    bitpix = int(header["BITPIX"])
    return FrameInfo(path, role, shape, bitpix=bitpix, cfa=cfa, top_down=top_down, decompress=compressed)


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., RunContext]:
    """context(section={"key": value}): the context of a run in a fresh folder."""

    def make(name: str = "run", **sections: dict[str, object]) -> RunContext:
        folder = tmp_path / name
        (folder / "logs").mkdir(parents=True)
        (folder / ".lock").touch()  # a run directory, in which lights may be written
        config = RunConfig.model_validate(sections)
        return RunContext(config, folder, EventLog(folder / "logs" / "run_events.jsonl"), 1 << 30, 2)

    return make


@pytest.fixture(scope="session")
def browser(tools: Callable[[str], Path]) -> Iterator[Any]:
    """Chromium without a window, one for a process: playwright cannot be started a second time beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(tools("chromium-headless-shell")))
        yield found
        found.close()
