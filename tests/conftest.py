"""What all tests share: sessions simulated once, and the rule for tools that are missing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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

REAL_DATA = Path(os.environ.get("ORCHESTRATE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


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
def simulated(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """simulated(preset, **changes): the folder of a simulated session and its truth, made once for all tests."""
    from dataclasses import replace

    from orchestrator.simulation import PRESETS, simulate

    made: dict[str, tuple[Path, object]] = {}

    def make(preset: str, **changes: object) -> tuple[Path, object]:
        key = repr((preset, sorted(changes.items())))
        if key not in made:
            folder = tmp_path_factory.mktemp(preset)
            made[key] = (folder, simulate(replace(PRESETS[preset], **changes), folder))
        return made[key]

    return make
