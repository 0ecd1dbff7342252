"""The texts in the sources that people see: templates of messages, and texts of errors and findings without fields.

They are found in the syntax tree, so that a text need not be listed twice. ``tests/unit/test_messages.py`` uses the same search
to find texts that cannot be translated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from orchestrator.message import template_of

__all__ = ["message_templates", "untranslatable"]

ROOT = Path(__file__).parents[1] / "orchestrator"
# Calls whose texts people see: errors, warnings, findings, the parts of checks.
SHOWN = re.compile(r"(Config|Input|Run|Tool|siril_)[eE]rror|Tool(Missing|Timeout)|Cancelled|warn|warning|Finding|"
                   r"CalibrationFinding|Exclusion|Problem|not_measured|Declined|Message|counted|find|Step|_Odd|Located|FrameLook")
# Lists of texts that people see, by the name of the variable or field.
LISTS = re.compile(r"warnings|notes|reasons|problems")
# Rooms whose texts are shown by the window, the report or the live page while a session is scanned and stacked.
ROOMS = ("astrometry", "checks", "colour", "combination", "engines", "io", "live", "phases", "pipeline", "project", "runtime",
         "session", "stacking", "tools")


def _is_text(value: object) -> bool:
    """Whether a constant is a phrase, not a name or a key."""
    return isinstance(value, str) and " " in value.strip() and bool(re.search(r"[A-Za-z]{2,} ", value))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Calls with texts that people see, with their names; appending to a list of texts is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node)
            if SHOWN.fullmatch(name):
                yield name, node
            elif name == "append" and isinstance(node.func, ast.Attribute):
                target = node.func.value
                if LISTS.fullmatch(getattr(target, "attr", getattr(target, "id", ""))):
                    yield name, node


def _texts_in(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The constant texts that an argument may be: itself, the branches of a condition, a constant."""
    if isinstance(node, ast.IfExp):
        yield from _texts_in(node.body, constants)
        yield from _texts_in(node.orelse, constants)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield from _texts_in(constants[node.id], {})
    elif isinstance(node, ast.Tuple | ast.BoolOp):
        for part in node.elts if isinstance(node, ast.Tuple) else node.values:
            yield from _texts_in(part, constants)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Texts that variables have: constants of the module, and what functions assign to a name."""
    return {target.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant | ast.IfExp | ast.Tuple | ast.BoolOp)}


def _sources() -> list[Path]:
    return sorted(p for p in ROOT.rglob("*.py") if p.parts[len(ROOT.parts)] not in ("gui", "cli"))


def message_templates() -> list[str]:
    """Every text that :func:`orchestrator.message.translated` may look up, without duplicates."""
    found: dict[str, None] = {}
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _sources()}
    # Constants of other modules, which are in capitals.
    shared = {name: value for tree in trees.values() for name, value in _constants(tree).items() if name.isupper()}
    for path, tree in trees.items():
        room, constants = path.relative_to(ROOT).parts[0], {**shared, **_constants(tree)}
        for name, call in _calls(tree):
            whole = name in ("Message", "counted")  # always translated, also a single word
            if not whole and room not in ROOMS:
                continue
            for argument in (*call.args, *(k.value for k in call.keywords if k.arg in ("remedy", "reason", "note", "why"))):
                for text in _texts_in(argument, constants):
                    if whole or _is_text(text):
                        found[template_of(text) if whole else text] = None
                if whole and name == "Message":
                    break
        for assigned in ast.walk(tree):  # reasons that functions return
            if room in ROOMS and isinstance(assigned, ast.Return) and assigned.value is not None:
                found.update(dict.fromkeys(t for t in _texts_in(assigned.value, {}) if _is_text(t) and "{" not in t))
    return [text for text in found if re.search(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", text))]


def untranslatable() -> list[str]:
    """Places in ROOMS where a text with fields is shown without being a message: "file:line"."""
    found = []
    for path in _sources():
        if path.relative_to(ROOT).parts[0] in ROOMS:
            for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
                texts = [a for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.JoinedStr)]
                if name not in ("Message", "counted") and any(_is_text("".join(
                        str(part.value) if isinstance(part, ast.Constant) else "x" for part in text.values)) for text in texts):
                    found.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    return found
