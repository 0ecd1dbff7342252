"""Functions take few parameters: data that belongs together is passed as one bundle (dataclass or NamedTuple)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_PARAMETERS = 12
MAX_PUBLIC_PARAMETERS = 7


def functions() -> Iterator[tuple[str, str, int]]:
    """Place, name and number of parameters of every function; callbacks of the command line have one for each option."""
    for folder in ("orchestrator", "tilecore", "fixtures"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not any(
                        ast.unparse(d).startswith("click.") or ".command(" in ast.unparse(d) for d in node.decorator_list):
                    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.name, len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_function_has_more_parameters_than_people_can_keep_apart() -> None:
    many = [f"{place} {name}: {count}" for place, name, count in functions() if count > MAX_PARAMETERS]
    assert not many, "\n".join(many)


def test_public_functions_have_few_parameters() -> None:
    many = [f"{place} {name}: {count}" for place, name, count in functions()
            if count > MAX_PUBLIC_PARAMETERS and not name.startswith("_")]
    assert not many, "\n".join(many)
