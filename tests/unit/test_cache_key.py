"""The key of the session cache covers every file that can change a result, at any depth."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from orchestrator.runtime.cache import PRESENTATION, hash_of_code

ROOT = Path(__file__).parents[2]


@pytest.fixture()
def copy(tmp_path: Path) -> Path:
    """The program's files, as they can be changed."""
    for folder in ("orchestrator", "tilecore"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yaml"):
                target = tmp_path / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    return tmp_path


def key(root: Path) -> str:
    return hash_of_code({"orchestrator": root / "orchestrator", "tilecore": root / "tilecore"})


def test_every_module_outside_presentation_counts(copy: Path) -> None:
    before = key(copy)
    silent = []
    for path in sorted(p for p in copy.rglob("*") if p.is_file()):
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        if key(copy) == before:
            silent.append(path.relative_to(copy).as_posix())
        path.write_bytes(content)
    assert silent and all(name.startswith(tuple(f"{p}/" for p in PRESENTATION)) for name in silent), silent


def test_a_file_that_is_moved_into_a_folder_changes_the_key(copy: Path) -> None:
    before = key(copy)
    path = copy / "tilecore" / "stack" / "grid.py"
    target = copy / "tilecore" / "deeper" / "still" / path.name
    target.parent.mkdir(parents=True)
    path.replace(target)
    assert key(copy) != before
    after = key(copy)
    target.write_text(target.read_text("utf-8") + "\n# another version\n", "utf-8")
    assert key(copy) != after


def test_the_installed_package_is_hashed_like_the_checkout() -> None:
    assert hash_of_code({"tilecore": resources.files("tilecore")}) == hash_of_code({"tilecore": ROOT / "tilecore"})
