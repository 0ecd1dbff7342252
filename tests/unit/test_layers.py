"""The structure of the packages: no import cycles, arrows only downwards, rooms that hold what their name states."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# From the bottom to the top. A module imports from its own room and from rooms before it; docs/ARCHITECTURE.md draws the same.
ORDER = (
    "tilecore", "version", "message", "errors", "io", "config", "session", "catalogs", "rundir", "runtime", "tools",
    "astrometry", "engines", "colour", "report", "stacking", "checks", "phases", "pipeline", "combination", "live",
    "scripting", "project", "derived", "api", "simulation", "benchmark", "face", "gui", "insiril", "cli",
)
TILECORE_MAY = {"numpy", "scipy", "numba", "llvmlite", "cupy", "cv2", "sep", "tilecore"}
TILECORE_MAY_OF_PYTHON = {"__future__", "collections", "concurrent", "dataclasses", "functools", "importlib", "logging", "math",
                          "threading", "types", "typing"}
# Functions and methods that read or write files or start programs, of Python and of the packages above.
FILE_FUNCTIONS = {
    "open", "open_code", "exec", "eval", "__import__", "FileIO", "FileHandler",
    "load", "loadtxt", "save", "savez", "savez_compressed", "savetxt", "genfromtxt", "fromfile", "fromregex", "tofile", "memmap",
    "open_memmap", "DataSource", "imread", "imreadmulti", "imwrite", "imwritemulti", "VideoCapture", "VideoWriter", "FileStorage",
}
# The rooms in tilecore, in the same order.
TILECORE_ORDER = ("numerics", "cfa", "calibrate", "detect", "sky", "register", "resample", "stack", "colour", "emission_lines",
                  "face")


@lru_cache(maxsize=1)
def sources() -> dict[str, Path]:
    """Dotted name of every module -> its file."""
    found = {}
    for top in ("orchestrator", "tilecore"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path) -> set[str]:
    """Dotted names of all imports, those within functions and for type checkers too; a submodule imported by name is itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in sources() else node.module)
    return found


@lru_cache(maxsize=1)
def arrows() -> dict[str, set[str]]:
    """Module -> the project's modules that it imports. The lazy face names modules in a table; they are its imports."""
    return {name: {target for target in imported(path) if target in sources() and target != name}
            for name, path in sources().items()}


def room(module: str) -> str:
    """The room that a module is in: a folder of orchestrator, a single module at its top, tilecore, or the package's face."""
    parts = module.split(".")
    if parts[0] == "tilecore":
        return "tilecore"
    if parts == ["orchestrator"]:
        return "face"
    return "cli" if parts[1] == "__main__" else parts[1]


def test_there_are_no_import_cycles() -> None:
    graph, done, path = arrows(), set(), []
    cycles = []

    def visit(module: str) -> None:
        if module in path:
            cycles.append([*path[path.index(module):], module])
        elif module not in done:
            path.append(module)
            for target in sorted(graph[module]):
                visit(target)
            path.pop()
            done.add(module)

    for module in sorted(graph):
        visit(module)
    assert not cycles


def test_arrows_point_downwards_only() -> None:
    upward = [f"{module} -> {target}" for module, targets in arrows().items() for target in targets
              if ORDER.index(room(target)) > ORDER.index(room(module))]
    assert not sorted(upward)


def test_arrows_in_tilecore_point_downwards_only() -> None:
    def level(module: str) -> int:
        return TILECORE_ORDER.index(module.split(".")[1])

    upward = [f"{module} -> {target}" for module, targets in arrows().items() for target in targets
              if module.count(".") and module.startswith("tilecore.") and target.count(".") and level(target) > level(module)]
    assert not sorted(upward)


def test_every_room_is_in_the_order_and_has_modules() -> None:
    rooms = {room(module) for module in sources()}
    assert rooms == set(ORDER)


def test_tilecore_imports_only_mathematics() -> None:
    allowed = TILECORE_MAY | TILECORE_MAY_OF_PYTHON
    modules = [m for m in sources() if m.split(".")[0] == "tilecore"]
    outside = {m: found for m in modules if (found := {name.split(".")[0] for name in imported(sources()[m])} - allowed)}
    assert modules and not outside


def test_tilecore_reads_and_writes_no_files() -> None:
    """No call of a function that handles files, under any name, and no reference to one."""
    found = []
    for module, path in sources().items():
        if module.split(".")[0] == "tilecore":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [node.id] if isinstance(node, ast.Name) else [node.attr] if isinstance(node, ast.Attribute) else \
                    [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                found += [f"{module}: {name}" for name in names if name.split(".")[-1] in FILE_FUNCTIONS]
    found.remove("tilecore.numerics.vectors: load")  # an instruction of the processor
    assert not found


def test_live_does_not_import_phases() -> None:
    assert not {(m, t) for m, targets in arrows().items() for t in targets if room(m) == "live" and room(t) == "phases"}


def test_the_window_knows_the_public_face_only() -> None:
    assert not {(m, t) for m, targets in arrows().items() for t in targets if room(m) == "gui" and room(t) not in ("gui", "face")}


def test_phases_holds_phases_only() -> None:
    """Every module in phases/ defines a phase of the event log, but for the one that defines what a phase is."""
    from orchestrator.pipeline.registry import PHASES

    homes = {type(phase).__module__ for phase in PHASES}
    modules = {m for m in sources() if m.startswith("orchestrator.phases.")}
    assert modules == homes | {"orchestrator.phases.phase"}


def test_the_documents_name_all_rooms_and_modules_of_the_mathematics() -> None:
    architecture, methods = ((ROOT / "docs" / name).read_text("utf-8") for name in ("ARCHITECTURE.md", "METHODS.md"))
    rooms = {path.parent.relative_to(ROOT).as_posix() for path in sources().values() if path.name != "__init__.py"}
    rooms.remove("orchestrator")
    assert rooms and not {r for r in rooms if f"`{r}/`" not in architecture and f"`{r.split('/', 1)[-1]}/`" not in architecture}
    named = {name for line in methods.splitlines() if line.startswith("## ") for name in re.findall(r"`(\w+)`", line)}
    assert named and not named - {module.rpartition(".")[2] for module in sources() if module.startswith("tilecore.")}
    text = "".join(path.read_text("utf-8") for path in sources().values())
    cited = {n for found in re.findall(r"METHODS ((?:\d+b?(?:-\d+)?(?:, )?)+)", text) for n in re.findall(r"\d+b?", found)}
    assert cited and not {n for n in cited if f"\n## {n}. " not in methods}


def room_arrows() -> dict[str, set[str]]:
    """Room -> the rooms that it imports, without those that it also reaches through another room."""
    direct: dict[str, set[str]] = {r: set() for r in ORDER}
    for module, targets in arrows().items():
        direct[room(module)] |= {room(t) for t in targets} - {room(module)}
    reached: dict[str, set[str]] = {}
    for name in ORDER:  # from the bottom: what a room imports is known before
        reached[name] = direct[name].union(*(reached[r] for r in direct[name]))
    return {name: {r for r in direct[name] if not any(r in reached[other] for other in direct[name])} for name in ORDER}


def test_the_picture_of_the_house_shows_the_imports() -> None:
    """The Mermaid picture in docs/ARCHITECTURE.md has exactly the arrows of the imports, see :func:`room_arrows`."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    picture = "\n".join(re.findall(r"```mermaid\n(.*?)```", text, re.S))
    drawn = {(a, b.strip()) for a, targets in re.findall(r"^\s*(\w+) --> (.+)$", picture, re.M) for b in targets.split("&")}
    real = {(a, b) for a, targets in room_arrows().items() for b in targets}
    lines = [f"    {a} --> {' & '.join(sorted(targets, key=ORDER.index))}" for a, targets in room_arrows().items() if targets]
    block = "\n".join(reversed(lines))
    assert drawn == real, f"the arrows should be\n{block}"
    assert set(re.findall(r"\b(\w+)\b", re.sub(r"subgraph .*|flowchart \w+|\bend\b|-->|&", " ", picture))) == set(ORDER)
