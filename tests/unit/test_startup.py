"""Start-up: help, version and completion of the verbs import no heavy package; the public names resolve when they are used."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import orchestrator
from orchestrator.cli.main import ALIASES, VERBS, cli
from orchestrator.cli.verbs import LazyVerb

HEAVY = {"PIL", "astropy", "cv2", "jinja2", "numba", "numpy", "photutils", "psutil", "pydantic", "rich", "scipy", "sep",
         "tilecore", "yaml"}
# Runs the program with the given arguments, then writes the names of all imported modules to the file that comes first.
PROGRAM = """
import json, sys
from pathlib import Path
target = Path(sys.argv[1])
sys.argv = ["orchestrate", *sys.argv[2:]]
from orchestrator.cli.main import main
try:
    main()
finally:
    target.write_text(json.dumps(sorted(sys.modules)))
"""
# Prints the help of every verb, those of groups included.
ALL_HELP = """
import click
from orchestrator.cli.main import cli
from orchestrator.cli.verbs import LazyVerb
def walk(command, *words):
    command = command.load() if isinstance(command, LazyVerb) else command
    print(command.get_help(click.Context(command, info_name=" ".join(words))))
    for name, below in getattr(command, "commands", {}).items():
        walk(below, *words, name)
walk(cli)
import json, sys
print(json.dumps(sorted(sys.modules)))
"""


def imported(tmp_path: Path, *arguments: str, **environment: str) -> tuple[set[str], str]:
    """Modules imported by a call of the program, and what it prints."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / "modules.json"), *arguments], capture_output=True,
                          text=True, timeout=60, check=True, env=os.environ | environment)
    return set(json.loads((tmp_path / "modules.json").read_text())), done.stdout


def heavy(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} & HEAVY


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["run", "--help"], ["project", "run", "--help"]])
def test_help_and_version_import_no_heavy_package(tmp_path: Path, arguments: list[str]) -> None:
    modules, printed = imported(tmp_path, *arguments)
    assert printed and not heavy(modules)
    if len(arguments) == 1:
        verbs = {target.partition(":")[0] for target, _ in VERBS.values()}
        assert not modules & verbs, "the list of verbs is printed from a table"


@pytest.mark.parametrize(("words", "expected", "absent"), [
    ("orchestrate r", {"run", "runs", "resume", "report", "remove-background"}, "watch"),
    ("orchestrate run --tr", {"--transform"}, "--mount"), ("orchestrate cache c", {"clear"}, "show"),
    ("orchestrate run --mount e", {"equatorial"}, "alt_az")])
def test_completion_imports_no_heavy_package(tmp_path: Path, words: str, expected: set[str], absent: str) -> None:
    modules, printed = imported(tmp_path, _ORCHESTRATE_COMPLETE="bash_complete", COMP_WORDS=words,
                                COMP_CWORD=str(len(words.split()) - 1))
    offered = {line.partition(",")[2] for line in printed.splitlines()}
    assert expected <= offered and absent not in offered and not heavy(modules)


def test_the_help_of_every_verb_imports_no_heavy_package() -> None:
    done = subprocess.run([sys.executable, "-c", ALL_HELP], capture_output=True, text=True, timeout=60, check=True)
    assert not heavy(set(json.loads(done.stdout.splitlines()[-1])))


@pytest.mark.parametrize("name", [*VERBS, *ALIASES])
def test_the_table_of_verbs_agrees_with_the_commands(name: str) -> None:
    lazy = cli.commands[name]
    assert isinstance(lazy, LazyVerb)
    command = lazy.load()
    assert command.name == ALIASES.get(name, name)
    summary = f"Same as {ALIASES[name]}." if name in ALIASES else command.get_short_help_str(limit=200)
    assert lazy.get_short_help_str() == summary


def commands(command: click.Command, *words: str) -> dict[str, click.Command]:
    """Every command at any depth, by the words that call it."""
    command = command.load() if isinstance(command, LazyVerb) else command
    found = {" ".join(words): command}
    for name, below in (command.commands if isinstance(command, click.Group) else {}).items():
        found |= commands(below, *words, name)
    return found


def test_help_texts_are_sentences_and_values_have_names() -> None:
    faults = []
    for words, command in commands(cli).items():
        if not (command.help or "").strip().endswith("."):
            faults.append(f"{words}: help without a period")
        for option in (p for p in command.params if isinstance(p, click.Option)):
            if not (option.help or "").endswith("."):
                faults.append(f"{words} {option.opts[0]}: help without a period")
            value = not option.is_flag and not option.count and not isinstance(option.type, click.Choice)
            if value and option.metavar is None:
                faults.append(f"{words} {option.opts[0]}: value without a name")
        if {"-v", "-q"} - {name for p in command.params for name in p.opts}:
            faults.append(f"{words}: no -v or -q")
    assert not faults


def test_import_of_the_package_imports_no_heavy_package() -> None:
    done = subprocess.run([sys.executable, "-c", "import json, sys, orchestrator; print(json.dumps(sorted(sys.modules)))"],
                          capture_output=True, text=True, timeout=60, check=True)
    assert not heavy(set(json.loads(done.stdout)))


def test_public_names_resolve_and_are_declared_for_type_checkers() -> None:
    source = Path(str(orchestrator.__file__)).read_text("utf-8")
    block = next(node for node in ast.parse(source).body if isinstance(node, ast.If))
    declared = {alias.asname: (node.module, alias.name) for node in block.body if isinstance(node, ast.ImportFrom)
                for alias in node.names}
    assert len(orchestrator.__all__) == len(set(orchestrator.__all__))
    assert set(declared) == set(orchestrator.__all__)
    for name in orchestrator.__all__:
        module, original = declared[name]
        assert original == name and module == orchestrator._HOMES[name]
        assert getattr(orchestrator, name) is getattr(sys.modules[module], name)
    assert set(orchestrator.__all__) <= set(dir(orchestrator))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = orchestrator.no_such_name
