"""Rendering of Siril scripts, and the scripts that are refused because Siril would report success."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.errors import ToolError
from orchestrator.io.package_data import read_template, templates
from orchestrator.tools.siril.script import check_script, quote, render, words, write_script

GOLDEN = Path(__file__).parent / "golden"
MACHINE = {"threads": 4, "memory_gb": 2.5}
MASTER = {"sigma": 3.0, "bias": "", "bias_level": None, "subtract_bias": False}
LIGHTS = {
    "dark": "master_dark", "bias": "", "bias_level": None, "flat": "master_flat", "scale_dark": False,
    "cosmetic": True, "cold_sigma": 5.0, "hot_sigma": 5.0, "pattern": None, "equalize_cfa": True, "debayer": False,
}  # fmt: skip
REGISTER = {"pattern": None, "transform": "similarity", "min_pairs": 8, "max_stars": 500}

CASES = {
    "subsky_polynomial": ("subsky", {"rbf": False, "order": 2, "samples": 20, "tolerance": 1.0, "smooth": 0.5}),
    "subsky_rbf": ("subsky", {"rbf": True, "order": 2, "samples": 20, "tolerance": 1.0, "smooth": 0.5}),
    "debayer": ("debayer", {"pattern": 3}),
    "platesolve": ("platesolve", {"catalog": "/my stars/gaia.dat", "image": "stack", "ra": 83.8, "dec": -5.4, "focal": 500.0,
                                  "pixel": 3.76, "order": 3, "radius": 3.0, "out": "solved"}),
    "pcc": ("pcc", {"catalog": "/my stars/gaia.dat"}),
    "spcc": ("spcc", {"spectra": "/my stars/xpsamp",
                      "names": ("-oscsensor=Sony IMX571", "-oscfilter=No filter", "-whiteref=A0V")}),
    "master_bias": ("master", {**MASTER, "kind": "bias"}),
    "master_dark": ("master", {**MASTER, "kind": "dark"}),
    "master_dark_current": ("master", {**MASTER, "kind": "dark", "bias": "master_bias", "subtract_bias": True}),
    "master_flat_bias": ("flat", {"sigma": 3.0, "darkflat": "", "bias": "master_bias", "bias_level": None}),
    "master_flat_constant": ("flat", {"sigma": 3.0, "darkflat": "", "bias": "", "bias_level": 500.0}),
    "master_flat_darkflat": ("flat", {"sigma": 3.0, "darkflat": "master_darkflat", "bias": "", "bias_level": None}),
    "master_flat_alone": ("flat", {"sigma": 2.5, "darkflat": "", "bias": "", "bias_level": None}),
    "calibrate_mono": ("calibrate", LIGHTS),
    "calibrate_osc": ("calibrate", {**LIGHTS, "pattern": 3}),
    "calibrate_osc_debayer": ("calibrate", {**LIGHTS, "pattern": 0, "debayer": True}),
    "calibrate_scaled": ("calibrate", {**LIGHTS, "bias": "master_bias", "scale_dark": True, "cosmetic": False}),
    "calibrate_constant": ("calibrate", {**LIGHTS, "dark": "", "bias_level": 500.0}),
    "calibrate_nothing": ("calibrate", {**LIGHTS, "dark": "", "flat": ""}),
    "register_mono": ("register", REGISTER),
    "register_osc": ("register", {**REGISTER, "pattern": 1, "transform": "homography"}),
    "export": ("export", {"reference": 3, "interpolation": "la"}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_script_is_rendered_as_recorded(name: str) -> None:
    template, values = CASES[name]
    assert render(f"{template}.ssf.j2", **MACHINE, **values) == (GOLDEN / f"{name}.ssf").read_text(encoding="utf-8")


def test_every_template_has_a_recorded_rendering() -> None:
    used = {f"siril/{template}.ssf.j2" for template, _ in CASES.values()} | {"siril/_macros.j2"}
    assert used == {f"siril/{f.name}" for f in (templates() / "siril").iterdir() if f.name.endswith(".j2")}


@pytest.mark.parametrize("name", ["_macros.j2", "master.ssf.j2", "calibrate.ssf.j2"])
def test_templates_are_commented(name: str) -> None:
    assert re.search(r"^#|{#", read_template(f"siril/{name}"), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("stack light\n", "first command"),
        ("# a comment\nstack light\n", "first command"),
        ("requires 1.2.0\n", "first command"),
        ("\ufeffrequires 1.4.0\n", "byte order mark"),
        ("requires 1.4.0\n  # indented\n", "blank"),
        ("requires 1.4.0\nmerge " + " ".join(f"s{n}" for n in range(49)) + "\n", "49 words"),
        ("requires 1.4.0\nstack a\tb\n", "control character"),
        ("requires 1.4.0\nload \udce9\n", "Unicode"),
        ("# nothing\n", "no command"),
        ("requires 1.4.0\nload " + "x" * 600 + "\n", "bytes"),
    ],
)
def test_a_script_that_siril_would_run_in_part_is_refused(text: str, what: str) -> None:
    with pytest.raises(ToolError, match=what):
        check_script(text)


def test_a_line_of_49_words_is_accepted() -> None:
    check_script("requires 1.4.0\nmerge " + " ".join(f"s{n}" for n in range(48)) + "\n")


@pytest.mark.parametrize("name", ['both " and \'', "new\nline", "latin\udce9", "tab\t", "$DATE$", "\u2028"])
def test_a_name_that_siril_cannot_take_is_refused(name: str) -> None:
    with pytest.raises(ToolError, match="cannot be written"):
        quote(name)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_quoted_name_is_one_word_with_that_content(name: str) -> None:
    try:
        quoted = quote(name)
    except ToolError:
        return
    assert words(f"load {quoted}") == ["load", quoted]
    assert name in (quoted, quoted[1:-1])


def test_a_script_is_written_as_plain_utf8(tmp_path: Path) -> None:
    path = write_script(tmp_path / "s.ssf", "requires 1.4.0\nload 'é'\n")
    assert path.read_bytes() == "requires 1.4.0\nload 'é'\n".encode()


def test_a_value_that_is_missing_ends_the_rendering() -> None:
    with pytest.raises(Exception, match="undefined"):
        render("register.ssf.j2", **MACHINE)
