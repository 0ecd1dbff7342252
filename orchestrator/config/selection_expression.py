"""Expressions that select frames, such as ``fwhm < 3.2 and background < p90``.

The parser of Python reads them, and only comparisons, arithmetic, and/or/not, numbers and known names are evaluated:
an expression can call nothing and has no access to the program.
"""

from __future__ import annotations

import ast
import difflib
import operator
import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONDITIONS", "FIELDS", "Expression"]

FloatArray = NDArray[np.float64]

# Measured quantities of a frame -> unit or meaning.
FIELDS: dict[str, str] = {
    "fwhm": "px", "wfwhm": "px: FWHM / roundness", "roundness": "0..1", "stars": "count", "background": "ADU",
    "noise": "ADU", "transparency": "relative to the reference", "quality": "Q of GLOBAL_METRICS", "score": "G of GLOBAL_METRICS",
    "residual": "px, of the registration", "rotation": "degrees, relative to the reference", "dx": "px", "dy": "px",
    "exposure": "s", "temperature": "deg C", "number": "1, 2, ... in time order", "trails": "count"}
# Conditions that a frame may suffer from (true or false).
CONDITIONS = ("clouds", "dew", "haze", "focus", "trailing")
# Statistics over all frames of the quantity on the other side of the comparison; p90 is its 90th percentile.
_PERCENTILE = re.compile(r"^p(\d{1,2}(?:_\d)?|100)$")


def _sigma(values: FloatArray) -> float:
    from tilecore.numerics.statistics import mad_sigma  # loads OpenCV, which few commands need

    return mad_sigma(values)


_STATISTICS: dict[str, Callable[[FloatArray], float]] = {
    "median": lambda v: float(np.median(v)), "mean": lambda v: float(np.mean(v)), "min": lambda v: float(np.min(v)),
    "max": lambda v: float(np.max(v)), "sigma": _sigma}
_COMPARE: dict[type, Callable[[FloatArray, FloatArray], NDArray[np.bool_]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne}
_ARITHMETIC: dict[type, Callable[[FloatArray, FloatArray], FloatArray]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: np.divide}
MAX_CHARACTERS = 500
MAX_NESTING = 40


class Expression:
    """A checked expression; :meth:`holds` evaluates it.

    Raises
    ------
    ValueError : the expression is not valid; the message names the part.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if len(self.text) > MAX_CHARACTERS:
            raise ValueError(f"an expression has at most {MAX_CHARACTERS} characters")
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ValueError(f"{self.text!r} is not a comparison such as 'fwhm < 3.2 and background < p90'") from error
        self._check(self._tree, inside=False, deep=0)

    def _check(self, node: ast.AST, *, inside: bool, deep: int) -> None:
        """Check a node: ``inside`` a comparison it must be a number, outside a condition."""
        if deep > MAX_NESTING:
            raise ValueError("the expression is nested too deeply")
        if isinstance(node, ast.BoolOp | ast.UnaryOp) and isinstance(getattr(node, "op", None), ast.And | ast.Or | ast.Not):
            if inside:
                raise ValueError("'and', 'or' and 'not' combine comparisons")
            for child in node.values if isinstance(node, ast.BoolOp) else [node.operand]:
                self._check(child, inside=False, deep=deep + 1)
        elif isinstance(node, ast.Compare) and not inside:
            if not all(type(op) in _COMPARE for op in node.ops):
                raise ValueError("comparisons are <, <=, >, >=, == and !=")
            sides = [node.left, *node.comparators]
            for side in sides:
                self._check(side, inside=True, deep=deep + 1)
            if not any(_fields(side) for side in sides):
                raise ValueError(f"{ast.unparse(node)!r} compares no measured quantity")
            for side in sides:
                if _statistics(side) and all(_statistics(s) for s in sides):
                    raise ValueError(f"{ast.unparse(node)!r}: p90, median ... must be on one side and the measured quantity "
                                     "on the other")
        elif isinstance(node, ast.BinOp) and inside and type(node.op) in _ARITHMETIC:
            self._check(node.left, inside=True, deep=deep + 1)
            self._check(node.right, inside=True, deep=deep + 1)
        elif isinstance(node, ast.UnaryOp) and inside and isinstance(node.op, ast.USub):
            self._check(node.operand, inside=True, deep=deep + 1)
        elif isinstance(node, ast.Constant) and inside and type(node.value) in (int, float):
            if not abs(node.value) < 1e30:  # type: ignore[arg-type]
                raise ValueError("a number is too large")
        elif isinstance(node, ast.Name):
            self._check_name(node.id, inside=inside)
        else:
            raise ValueError(f"{ast.unparse(node)!r} is not supported: use comparisons, + - * /, and, or, not")

    def _check_name(self, name: str, *, inside: bool) -> None:
        if name in CONDITIONS:
            if inside:
                raise ValueError(f"{name} is true or false: write '{name}' or 'not {name}'")
            return
        if name in FIELDS or name in _STATISTICS or _PERCENTILE.match(name):
            if not inside:
                raise ValueError(f"{name} is a number: compare it, as in '{name} < 3'")
            return
        known = [*FIELDS, *CONDITIONS, *_STATISTICS, "p90"]
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known names are {', '.join(known)}"
        raise ValueError(f"unknown name {name!r}: {hint}")

    def holds(self, values: Mapping[str, FloatArray]) -> NDArray[np.bool_]:
        """Frames that meet the expression, bool (N,).

        ``values`` holds the :data:`FIELDS` (N,) and the :data:`CONDITIONS` (N,) as 0 or 1. A comparison with an unknown
        value (NaN) is false.
        """
        return self._truth(self._tree, values)

    def why_not(self, index: int, values: Mapping[str, FloatArray]) -> str:
        """First part of the expression that is false for a frame, with the values it uses; "" if there is none."""
        parts = self._tree.values if isinstance(self._tree, ast.BoolOp) and isinstance(self._tree.op, ast.And) else [self._tree]
        for part in parts:
            if not self._truth(part, values)[index]:
                named = dict.fromkeys(n.id for n in ast.walk(part) if isinstance(n, ast.Name) and n.id in values)
                shown = ", ".join(f"{n} is {_shown(values[n][index], n)}" for n in named)
                return f"{ast.unparse(part)} is not true: {shown}"
        return ""

    def _truth(self, node: ast.AST, values: Mapping[str, FloatArray]) -> NDArray[np.bool_]:
        if isinstance(node, ast.BoolOp):
            parts = [self._truth(v, values) for v in node.values]
            return np.asarray((np.logical_and if isinstance(node.op, ast.And) else np.logical_or).reduce(parts))
        if isinstance(node, ast.UnaryOp):
            return ~self._truth(node.operand, values)
        if isinstance(node, ast.Name):
            return np.asarray(values[node.id] > 0)
        assert isinstance(node, ast.Compare)
        sides = [node.left, *node.comparators]
        measured = next(s for s in sides if _fields(s) and not _statistics(s))
        with np.errstate(divide="ignore", invalid="ignore"):
            of = self._number(measured, values, np.empty(0))
            known = of[np.isfinite(of)]
            numbers = [self._number(s, values, known) for s in sides]
            result = np.ones(len(next(iter(values.values()))), np.bool_)
            for op, left, right in zip(node.ops, numbers, numbers[1:], strict=False):
                result &= _COMPARE[type(op)](left, right) & np.isfinite(left) & np.isfinite(right)
        return result

    def _number(self, node: ast.AST, values: Mapping[str, FloatArray], of: FloatArray) -> FloatArray:
        """Value of a node; statistics are computed from the known values ``of``."""
        if isinstance(node, ast.Constant):
            return np.asarray(float(node.value), np.float64)  # type: ignore[arg-type]
        if isinstance(node, ast.UnaryOp):
            return -self._number(node.operand, values, of)
        if isinstance(node, ast.BinOp):
            return _ARITHMETIC[type(node.op)](self._number(node.left, values, of), self._number(node.right, values, of))
        assert isinstance(node, ast.Name)
        if node.id in values:
            return values[node.id]
        if not of.size:
            return np.asarray(np.nan)
        found = _PERCENTILE.match(node.id)
        return np.asarray(np.percentile(of, float(found[1].replace("_", "."))) if found else _STATISTICS[node.id](of))


def _names(node: ast.AST) -> list[str]:
    return [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]


def _fields(node: ast.AST) -> list[str]:
    return [n for n in _names(node) if n in FIELDS]


def _statistics(node: ast.AST) -> list[str]:
    return [n for n in _names(node) if n in _STATISTICS or _PERCENTILE.match(n)]


def _shown(value: float, name: str) -> str:
    if name in CONDITIONS:
        return "true" if value > 0 else "false"
    return f"{value:.4g}" if np.isfinite(value) else "not known"
