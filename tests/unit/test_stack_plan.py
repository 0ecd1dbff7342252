"""Stack plans: read as other programs write them, matched to lights, refused with line and column, and written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.engines.base import Frame
from orchestrator.errors import ConfigError, InputError, OrchestrateError
from orchestrator.session.frame_list import select_listed
from orchestrator.session.model import Exclusion, FrameInfo, Role
from orchestrator.session.stack_plan import COLUMNS, read_plan, select_planned, write_plan
from orchestrator.stacking.field_geometry import _panels

HEAD = ",".join(COLUMNS)


def light(path: str, **values: object) -> FrameInfo:
    return FrameInfo(Path(path), Role.LIGHT, (40, 60), **values)  # type: ignore[arg-type]


LIGHTS = [light("/s/a/one.fit"), light("/s/a/two.fit", exposure=30.0, filter="L"), light("/s/b/one.fit"), light("/s/b/three.fit")]


def plan(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "stack_plan.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_plan_names_lights_and_their_panels(tmp_path: Path, separator: str) -> None:
    text = [HEAD, "1,north,EQ,3,S50,2024-01-01,LP,10.0,D:\\ASTRO\\a\\one.fit", "2,south,EQ,3,S50,2024-01-01,LP,10.0,two.fit", ""]
    path = plan(tmp_path, *[t.replace(",", separator) for t in text[1:]], head=text[0].replace(",", separator))
    excluded: list[Exclusion] = []
    found = select_listed(LIGHTS, path, excluded)
    assert [(i.path, i.panel) for i in found] == [(Path("/s/a/one.fit"), "north"), (Path("/s/a/two.fit"), "south")]
    assert (found[0].exposure, found[0].filter) == (10.0, "LP"), "what the header lacks"
    assert (found[1].exposure, found[1].filter) == (30.0, "L"), "the header decides"
    assert [e.path.name for e in excluded] == ["one.fit", "three.fit"] and "stack plan" in excluded[0].reason


def test_a_plan_may_have_the_file_alone_and_quotes_and_a_mark_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "plan.CSV"
    path.write_text('\ufefffile_path\n"b/one.fit"\n\nthree.fit\n', encoding="utf-8")
    assert [(f.line, f.file, f.group) for f in read_plan(path)] == [(2, "b/one.fit", ""), (4, "three.fit", "")]
    assert [i.path for i in select_listed(LIGHTS, path, [])] == [LIGHTS[2].path, LIGHTS[3].path]


@pytest.mark.parametrize(("lines", "wanted"), [
    (["1,a,,,,,,sixty,two.fit"], "line 2 of {}, column exposure: 'sixty'"),
    (["1,a,,,,,,-5,two.fit"], "line 2 of {}, column exposure: '-5'"),
    (["1,a,,,,,,nan,two.fit"], "line 2 of {}, column exposure"),
    (["1,a,,,,,,60,two.fit", "x,a,,,,,,60,three.fit"], "line 3 of {}, column order: 'x'"),
    (["1,a,,,,,,60,"], "line 2 of {}, column file_path: it is empty"),
    (["1,a,,,,,,60,two.fit", "2,,,,,,,60,three.fit"], "line 3 of {}, column batch_id: it is empty"),
    (["1,a,60,two.fit"], "line 2 of {} has 4 cells"),
    ([], "names no frame"),
    (["1,a,,,,,,60,two.fit", "2,a,,,,,,60,a/two.fit"], "lines 2 and 3 of {}, column file_path"),
    (["1,a,,,,,,60,one.fit"], "line 2 of {}, column file_path: one.fit fits 2 lights"),
    (["1,a,,,,,,60,two.fit", "2,a,,,,,,60,four.fit"], "column file_path, name files that are not lights of the session: line 3"),
])
def test_errors_name_the_line_and_the_column(tmp_path: Path, lines: list[str], wanted: str) -> None:
    path = plan(tmp_path, *lines)
    with pytest.raises((ConfigError, InputError)) as refused:
        select_planned(LIGHTS, path, [])
    assert wanted.format(path) in refused.value.message and refused.value.remedy


def test_files_that_are_no_plan_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"line 1 .* has no column file_path; its columns are name, group"):
        read_plan(plan(tmp_path, "a,b", head="name,group"))
    (tmp_path / "binary.csv").write_bytes(b"file_path\n\xff\xfe")
    with pytest.raises(ConfigError, match="not a text file"):
        read_plan(tmp_path / "binary.csv")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_plan(tmp_path / "missing.csv")


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_is_refused(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.csv"
        path.write_text("file_path,batch_id,exposure\n" + text, encoding="utf-8", newline="")
        try:
            assert all(f.file for f in read_plan(path))
        except OrchestrateError as error:
            assert str(path) in error.message


def test_a_plan_that_was_written_gives_the_same_panels(tmp_path: Path) -> None:
    lights = [light(f"/s/{k}, \"x\"/l_{k}.fit", exposure=12.5, time=datetime(2025, 1, 2, 3), telescope="S50") for k in range(5)]
    path = tmp_path / "stack_plan.csv"
    write_plan(path, lights, [2, 1, 2, 1, 3], "alt_az")
    assert path.read_text().splitlines()[0] == HEAD and "2025-01-02" in path.read_text()
    found = select_planned(lights, path, [])
    assert [i.panel for i in found] == ["2", "1", "2", "1", "3"]
    frames = tuple(Frame(k, i, None, np.eye(3)) for k, i in enumerate(found))
    assert _panels(frames).tolist() == [0, 1, 0, 1, 2], "in order of their first frames, wherever they point"
