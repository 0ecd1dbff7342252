"""Shared by all tests: sessions simulated and runs made once for all workers, and the rule for tools that are missing."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.sharing import changed, compile_in_turn, digest, group_of, made_once

os.environ.setdefault("LC_ALL", "C.UTF-8")
# Small systems of equations on a busy machine: threads of BLAS would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:  # tests/gui/conftest.py tells what is missing
    import PySide6.QtWidgets  # noqa: F401
except ImportError:
    pass
else:
    pytest_plugins = ["pytestqt.plugin"]

if TYPE_CHECKING:
    from orchestrator.pipeline.result import RunResult
    from orchestrator.simulation.config import SimulationConfig
    from orchestrator.simulation.truth import SimulationTruth

REAL_DATA = Path(os.environ.get("ORCHESTRATE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Workers compile each function once between them."""
    if hasattr(session.config, "workerinput"):
        factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        compile_in_turn(_shared(session.config, factory) / "compiled")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share fixtures of their module stay in one worker (--dist loadgroup); all others go where there is time."""
    for item in items:
        if name := group_of(item):
            item.add_marker(pytest.mark.xdist_group(name))


def missing(what: str) -> None:
    """End a test for want of ``what``: a failure where tools are required, else a skip that says so."""
    if os.environ.get("ORCHESTRATE_REQUIRE_TOOLS") == "1":
        pytest.fail(f"{what} is missing and ORCHESTRATE_REQUIRE_TOOLS=1")
    pytest.skip(f"{what} is missing: `make tools` and `pip install -e .[dev]` get what the tests need")


def artifact(result: RunResult, name: str) -> dict[str, object]:
    """What a run wrote to ``artifacts/NAME.json``."""
    return dict(json.loads((result.directory / "artifacts" / f"{name}.json").read_text()))


def stacked_natively(session: Path, runs: Path) -> RunResult:
    """A run by the native engine with no other settings, not solved."""
    from orchestrator import RunConfig, run

    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
    result = run(session, config, runs_dir=runs)
    assert result.error is None, result.error
    return result


@pytest.fixture(scope="session")
def siril() -> Path:
    """The real siril-cli 1.4."""
    tools = Path(os.environ.get("ORCHESTRATE_TOOLS_DIR", Path.home() / ".cache" / "orchestrate" / "tools"))
    found = shutil.which("siril-cli", path=os.pathsep.join([str(tools / "bin"), os.environ.get("PATH", "")]))
    if found is None:
        missing("siril-cli")
    return Path(str(found))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real frames, which the project does not commit."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real frames at {REAL_DATA} (set ORCHESTRATE_TEST_DATA)")
    return REAL_DATA


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    return _shared(request.config, tmp_path_factory)


def _shared(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    folder = factory.getbasetemp()
    return (folder.parent if hasattr(config, "workerinput") else folder) / "shared"


@pytest.fixture(scope="session")
def simulated(shared: Path) -> Iterator[Callable[..., tuple[Path, SimulationTruth]]]:
    """simulated(preset or configuration, **changes): the folder of a simulated session and its truth, made once for all tests of
    all workers. A test that changes it makes a copy first."""
    from orchestrator.simulation import PRESETS, load_truth, simulate

    made: dict[Path, SimulationTruth] = {}

    def make(preset: str | SimulationConfig, **changes: Any) -> tuple[Path, SimulationTruth]:
        config = replace(PRESETS[preset] if isinstance(preset, str) else preset, **changes)
        folder = shared / "sessions" / f"{preset if isinstance(preset, str) else 'session'}-{digest(config)}"
        if folder not in made:
            made_once(folder, lambda place: simulate(config, place))
            made[folder] = load_truth(folder)
        return folder, made[folder]

    yield make
    spoilt = {folder.name: files for folder in made if (files := changed(folder))}
    assert not spoilt, f"tests have changed sessions that others use: {spoilt}"


@pytest.fixture(scope="session")
def finished(shared: Path) -> Callable[[Path, dict[str, Any]], RunResult]:
    """finished(session, settings): the result of a run, made once for all tests of all workers, which must not change it."""
    made: dict[Path, RunResult] = {}

    def make(session: Path, settings: dict[str, Any]) -> RunResult:
        folder = shared / "runs" / digest(session, json.dumps(settings, sort_keys=True))
        if folder not in made:
            made_once(folder, lambda runs: (runs / "result").write_bytes(pickle.dumps(_run(session, settings, runs))))
            made[folder] = pickle.loads((folder / "result").read_bytes())
        return made[folder]

    return make


def _run(session: Path, settings: dict[str, Any], runs: Path) -> RunResult:
    from orchestrator import RunConfig, run

    result = run(session, RunConfig.model_validate(settings), runs_dir=runs, run_id="run")
    assert result.error is None, result.error
    return result
