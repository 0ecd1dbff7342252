"""docs/FAULTS.md is what the tests are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from orchestrator.pipeline.registry import PHASES
from tests.faults.matrix import cells, document, faults

ROOT = Path(__file__).parents[2]


def test_every_cell_names_a_test_that_exists() -> None:
    files = sorted({cell.split("::")[0] for cell in cells()})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run([*command, *(str(Path("tests/faults") / f) for f in files)], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout
    known = {line.removeprefix("tests/faults/") if line.startswith("tests/faults/") else
             line.replace("tests/", "../", 1) for line in listed.splitlines()}
    functions = {line.split("[")[0] for line in known}
    absent = [cell for cell in cells() if cell not in known and not ("[" not in cell and cell in functions)]
    assert not absent


def test_the_document_is_made_from_the_matrix() -> None:
    assert (ROOT / "docs" / "FAULTS.md").read_text("utf-8") == document() + "\n", "python -m tests.faults.matrix > docs/FAULTS.md"


def test_every_phase_has_a_kill_and_a_full_disk() -> None:
    names = {p.name for p in PHASES}
    known = faults()
    assert set(known["K"].phases) == set(known["D"].phases) == set(known["I"].phases) == names
    assert all(set(f.phases) <= names for f in known.values())
