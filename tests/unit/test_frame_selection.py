"""Choosing frames: expressions, the best part, lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.config.load import load_config
from orchestrator.config.selection_expression import CONDITIONS, FIELDS, Expression
from orchestrator.config.settings import Selection
from orchestrator.errors import ConfigError, InputError
from orchestrator.session.frame_list import read_list, select_listed, write_list
from orchestrator.session.model import Exclusion, FrameInfo, Role
from orchestrator.stacking.frame_scores import FrameScore, select
from tilecore.detect.frame_conditions import Condition

NAN = float("nan")


def score(i: int, fwhm: float, background: float = 500.0, g: float = 1.0, *befell: str) -> FrameScore:
    return FrameScore(i + 1, f"{i}.fit", f"/s/{i}.fit", None, 30, NAN, 100, fwhm, fwhm, 0.9, background, 5.0, 1.0, 0.0, g, 0, 0.1,
                      0.0, 0.0, 0.0, tuple(Condition(b, "why") for b in befell))


SCORES = [score(i, 2.0 + 0.2 * i, 500 + 10 * (i % 4), 2 - 0.1 * i, *(["clouds"] if i in (2, 7) else [])) for i in range(10)]


def kept(where: str = "", keep: float = 1.0, scores: list[FrameScore] = SCORES) -> list[int]:
    return [i for i, why in enumerate(select(scores, Selection(where=where, keep_fraction=keep))) if not why]


@pytest.mark.parametrize(("where", "stays"), [
    ("", range(10)), ("fwhm < 3.1", range(6)), ("2.3 < fwhm <= 3.0", range(2, 6)), ("not clouds", [0, 1, 3, 4, 5, 6, 8, 9]),
    ("fwhm < 3.2 and background < p90", [0, 1, 2, 4, 5]), ("fwhm < median", range(5)),
    ("fwhm*2 < 5 or number == 10", [0, 1, 2, 9]),
    ("(fwhm < 2.5 or fwhm > 3.5) and not clouds", [0, 1, 8, 9]), ("background < median + 2*sigma", range(10)),
    ("p50 > fwhm", range(5)), ("fwhm >= -1", range(10))])
def test_expressions_choose(where: str, stays: object) -> None:
    assert kept(where) == list(stays)  # type: ignore[call-overload]


@pytest.mark.parametrize(("where", "word"), [
    ("fwhm <", "not a comparison"), ("fwmh < 3", "did you mean 'fwhm'"), ("__import__('os').system('x') == 0", "not supported"),
    ("fwhm.__class__ < 3", "not supported"), ("fwhm < open('x')", "not supported"), ("fwhm", "compare it"),
    ("clouds > 1", "true or false"), ("fwhm < 3 and clouds + fwhm < 3", "true or false"), ("fwhm ** 9 < 3", "not supported"),
    ("fwhm in (1, 2)", "comparisons are"),
    ("1 < 2", "compares no measured"), ("p90 + fwhm < median", "on one side"), ("fwhm < 'a'", "not supported"),
    ("[x for x in fwhm] < 3", "not supported"), ("fwhm < 1e400", "too large"), ("a" * 600, "characters")])
def test_what_is_no_expression_is_refused_with_the_place(where: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word) as caught:
        load_config(overrides=[f"selection.where='{where.replace(chr(39), chr(39) * 2)}'"])
    assert "selection.where" in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(
    [*FIELDS, *CONDITIONS, "p90", "median", "<", ">=", "and", "or", "not", "(", ")", "-", "*", "/", "3", "0", "."]),
    max_size=14).map(" ".join))
def test_any_text_is_carried_out_or_refused_and_nothing_else(text: str) -> None:
    try:
        expression = Expression(text)
    except ValueError:
        return
    values = {name: np.array([1.0, NAN, 3.0]) for name in FIELDS} | {name: np.array([0.0, 1.0, 0.0]) for name in CONDITIONS}
    found = expression.holds(values)
    assert found.shape == (3,) and found.dtype == bool
    assert all(expression.why_not(i, values) for i in range(3) if not found[i])


def test_what_is_not_known_is_not_chosen_and_told() -> None:
    scores = [*SCORES, score(10, NAN)]
    reasons = select(scores, Selection(where="fwhm < 9 and not clouds"))
    assert "fwhm is not known" in reasons[10] and "not clouds is not true" in reasons[2] and reasons[0] == ""


def test_the_best_part_is_kept_after_the_expression() -> None:
    assert kept(keep=0.9) == list(range(9)) and kept(keep=0.25) == [0, 1, 2]
    assert kept("fwhm > 2.5", keep=0.5) == [3, 4, 5, 6]
    with pytest.raises(ConfigError, match="leaves 1 of 10"):
        kept("fwhm < 2.1")


def test_lists_are_written_and_read(tmp_path: Path) -> None:
    lights = [FrameInfo(Path(f"/s/{n}/{i}.fit"), Role.LIGHT, (9, 9)) for n in "ab" for i in range(3)]
    write_list(tmp_path / "l.txt", ["a/0.fit", "2.fit", "#odd.fit"[1:]], "three")
    assert read_list(tmp_path / "l.txt") == ["a/0.fit", "2.fit", "odd.fit"]
    excluded: list[Exclusion] = []
    with pytest.raises(InputError, match=r"names 1 frames that are not lights of the session: odd\.fit"):
        select_listed(lights, tmp_path / "l.txt", excluded)
    write_list(tmp_path / "l.txt", ["a/0.fit", "2.fit"])
    excluded.clear()
    selected = select_listed(lights, tmp_path / "l.txt", excluded)
    assert [i.path.as_posix() for i in selected] == ["/s/a/0.fit", "/s/a/2.fit", "/s/b/2.fit"]
    assert len(excluded) == 3 and "l.txt" in excluded[0].reason
    (tmp_path / "l.txt").write_text("# nothing\n\n")
    for path in (tmp_path / "l.txt", tmp_path / "none.txt"):
        with pytest.raises(ConfigError, match=path.name):
            read_list(path)
