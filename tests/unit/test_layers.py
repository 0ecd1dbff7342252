"""What may import what, and that the documents of the code name what is there: checked on the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TILECORE_MAY = {"numpy", "scipy", "numba", "cupy", "cv2", "sep", "tilecore", "__future__"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", modules("tilecore"), ids=lambda p: p.name)
def test_tilecore_imports_only_mathematics(path: Path) -> None:
    import sys

    outside = {name.split(".")[0] for name in imports(path)} - TILECORE_MAY - sys.stdlib_module_names
    assert not outside


@pytest.mark.parametrize("path", modules("orchestrator"), ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_imports_the_command_line(path: Path) -> None:
    if "cli" in path.relative_to(ROOT).parts or path.name == "__main__.py":
        return
    assert not {name for name in imports(path) if name.startswith("orchestrator.cli")}


@pytest.mark.parametrize("path", modules("orchestrator/tools"), ids=lambda p: p.name)
def test_tools_know_programs_not_phases(path: Path) -> None:
    banned = ("orchestrator.phases", "orchestrator.engines", "orchestrator.cli", "orchestrator.run.runner")
    assert not {name for name in imports(path) if name.startswith(banned)}


@pytest.mark.parametrize("path", modules("orchestrator/engines"), ids=lambda p: p.name)
def test_engines_do_not_know_phases(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith(("orchestrator.phases", "orchestrator.cli"))}


@pytest.mark.parametrize("path", modules("orchestrator/gui"), ids=lambda p: p.name)
def test_the_window_knows_the_public_api_only(path: Path) -> None:
    assert not {n for n in imports(path) if n.startswith("orchestrator.") and not n.startswith("orchestrator.gui")}


def test_the_documents_name_all_packages_and_modules_of_the_mathematics() -> None:
    """What newcomers read is what is there."""
    architecture, methods = ((ROOT / "docs" / name).read_text("utf-8") for name in ("ARCHITECTURE.md", "METHODS.md"))
    packages = {p.parent.relative_to(ROOT).as_posix() for p in (ROOT / "orchestrator").rglob("*/__init__.py")
                if any(m.name != "__init__.py" for m in p.parent.glob("*.py"))}
    short = {p: p.removeprefix("orchestrator/") for p in packages}
    assert packages and not {p for p in packages if f"`{p}/`" not in architecture and f"`{short[p]}/`" not in architecture}
    named = {name for line in methods.splitlines() if line.startswith("## ") for name in re.findall(r"`(\w+)`", line)}
    assert named and not named - {path.stem for path in modules("tilecore")}
    sources = "".join(path.read_text("utf-8") for path in [*modules("tilecore"), *modules("orchestrator")])
    cited = {n for text in re.findall(r"METHODS ((?:\d+b?(?:-\d+)?(?:, )?)+)", sources) for n in re.findall(r"\d+b?", text)}
    assert cited and not {n for n in cited if f"\n## {n}. " not in methods}
