"""The documentation: generated pages are those of the program, its commands and settings exist, and the site builds strictly."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from PIL import Image

from orchestrator.cli.main import cli
from orchestrator.cli.verbs import LazyVerb
from orchestrator.config.describe import setting_sections
from orchestrator.config.load import load_config
from orchestrator.errors import OrchestrateError

ROOT = Path(__file__).parents[2]
GUIDES = ["../README.md", "COMING_FROM.md", "INSTALL.md", "LOOKS_LIKE.md", "NIGHT_DWARF.md", "NIGHT_MONO.md", "NIGHT_MOSAIC.md",
          "NIGHT_SEESTAR.md", "index.md"]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["VERBS.md", "SETTINGS.md", "API.md"])
def test_the_generated_pages_are_those_of_the_program(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == script("reference").PAGES[name](), "run: python scripts/reference.py"


def test_the_reference_has_every_verb_and_every_setting() -> None:
    verbs, settings = ((ROOT / "docs" / n).read_text("utf-8") for n in ("VERBS.md", "SETTINGS.md"))
    assert all(f"### orchestrate {name}\n" in verbs for name, c in cli.commands.items() if name not in ("bge", "pcc"))
    assert "### orchestrate project run\n" in verbs and "..." not in re.sub(r"\w\.\.\.|\]\.\.\.", "", verbs).split("```")[0]
    assert all(f"| `{s.key}` |" in settings for section in setting_sections() for s in section.settings)


def commands_of(page: str) -> list[list[str]]:
    """The calls of the program in a page: lines of code, and code within a line."""
    lines = [re.split(r"\s{3,}", line.strip())[0] for line in page.splitlines() if re.match(r"\s{4,}orchestrate ", line)]
    return [shlex.split(call) for call in [*lines, *re.findall(r"`(orchestrate [^`]+)`", page)]]


@pytest.mark.parametrize("name", GUIDES)
def test_the_commands_of_the_guides_can_be_parsed(name: str) -> None:
    calls = commands_of((ROOT / "docs" / name).read_text("utf-8"))
    assert calls
    for call in calls:
        words, command = call[1:], cli.commands[call[1]]
        while isinstance(command, LazyVerb | click.Group):
            command = command.load() if isinstance(command, LazyVerb) else command.commands[words[0]]
            words = words[1:] if not isinstance(command, LazyVerb) else words
        if words:  # a verb that is only mentioned has no arguments
            command.make_context("verb", words)


def test_the_settings_that_pages_name_exist() -> None:
    keys = {s.key for section in setting_sections() for s in section.settings}
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for key in re.findall(r"--set '?([a-z_]+\.[a-z_.]+)=", page.read_text("utf-8")):
            assert key in keys | {"section.key"} or page.name == "MISTAKES.md", (page.name, key)


def test_the_values_that_pages_give_to_settings_are_valid() -> None:
    pages = [ROOT / "README.md", *(p for p in (ROOT / "docs").glob("*.md") if p.name != "MISTAKES.md")]
    found = {(match, page.name) for page in pages
             for match in re.findall(r"--set ([a-z_]+\.[a-z_.]+=[A-Za-z0-9_.]*[A-Za-z0-9])(?=[`'\s])", page.read_text("utf-8"))}
    assert len(found) > 15
    for override, page in sorted(found):
        if not override.endswith(("=FILE", "=NAME", "=value")):
            try:
                load_config([], None, [override])
            except OrchestrateError as error:
                raise AssertionError(f"{page}: {override}: {error}") from error


def test_the_gallery_is_that_of_its_script_and_its_pictures_are_small() -> None:
    gallery = script("gallery")
    assert (ROOT / "docs" / "GALLERY.md").read_text("utf-8") == gallery.page(), "run: python scripts/gallery.py"
    pictures = {p.stem: p for p in (ROOT / "docs" / gallery.FOLDER).glob("*.jpg")}
    assert set(pictures) == set(gallery.SCENES)
    faults = (ROOT / "docs" / "LOOKS_LIKE.md").read_text("utf-8")
    for name, path in pictures.items():
        with Image.open(path) as picture:
            assert picture.size == (2 * gallery.HALF[0] + gallery.GAP, gallery.HALF[1])
        assert path.stat().st_size <= gallery.LARGEST
        assert not gallery.SCENES[name].fault or f"{gallery.FOLDER}/{name}.jpg" in faults, name


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)], cwd=ROOT,
                          capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr
    pages = {p.stem for p in (ROOT / "docs").glob("*.md")} - {"index"}
    assert all((tmp_path / name / "index.html").is_file() for name in pages) and (tmp_path / "index.html").is_file()
    assert "fonts.googleapis" not in (tmp_path / "index.html").read_text("utf-8")
