"""The check of Siril scripts, its table of commands, custom templates, and the command `orchestrate script`."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator import RunConfig, ScriptOptions, check_script_file, run
from orchestrator.cli.main import main
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.errors import ConfigError
from orchestrator.io.package_data import read_template
from orchestrator.scripting.commands import ask_siril, stored_table
from orchestrator.scripting.layout import merge_steps
from orchestrator.scripting.names import safe, unique
from orchestrator.tools.siril.cli import ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import MAX_LINE_BYTES, render, words


def problems(tmp_path: Path, content: str | bytes, siril: SirilProgram | None = None) -> list[str]:
    path = tmp_path / "s.ssf"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = check_script_file(path, siril)
    return [f"{f.where.removeprefix(f'{path}:')}: {f.level}: {f.message} {f.remedy}" for f in found]


def test_the_stored_table_matches_siril(siril: SirilProgram) -> None:
    table = ask_siril(siril)
    if table.version == stored_table().version:
        assert table == stored_table()
    assert len(table.commands) > 150 and "-weight=" in table.commands["stack"].options
    assert not table.commands["clear"].in_scripts and table.commands["merge"].in_scripts


def test_messages_of_other_threads_in_the_list_are_not_commands(tmp_path: Path, siril: SirilProgram) -> None:
    talking = tmp_path / "siril-cli"
    script = r"/LIST OF AVAILABLE/a log: Error: no Python here\nlog: Failed to make one\nlog: Couldn't \x27"
    talking.write_text(f"#!/bin/sh\n{siril.path} \"$@\" | {shutil.which('sed')} \"{script}\"\n")
    talking.chmod(0o755)
    assert ask_siril(replace(siril, path=talking)) == ask_siril(siril)


@pytest.mark.parametrize(("line", "message"), [
    ("stak a", "no command 'stak'. Did you mean stack?"), ("preprocess a", "Did you mean calibrate?"),
    ("register a -noout", "no option -noout"), ("register a -2pas", "Did you mean -2pass?"),
    ("stack a rej 3 3 -norm=foo", "silently ignores it"), ("stack a rej 3 3 -weight=best", "refuses it. Known: noise"),
    ("stack a rej 3 3 -rgb_equal -norm=add", "-rgb_equal before -norm= is silently ignored"),
    ("seqapplyreg a -framing", "needs a value"),
    ("calibrate a -cfa=1", "takes no value"), ("load_seq a", "cannot be used in a script"), ("  # note", "first column"),
    ("merge " + " ".join(f"s{n}" for n in range(55)), "has 56 words"), ('stack a rej 3 3 -out="/a b/c"', "cut at its blanks"),
    ("load 'a", "is not closed"), ("save a_$DATE", "header keyword"), ("load a # b", "not as a comment"),
    ("load a\x01b", "control character")])
def test_a_problem_is_reported_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    found = problems(tmp_path, f"requires 1.4.0\n# fine\n{line}\n")
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("3: ") for problem in found)


@pytest.mark.parametrize("line", [
    "stack a rej w 3 3 -norm=addscale -weight=wfwhm -filter-fwhm=80% -filter-included -32b '-out=../a b'", "PWD",
    "autostretch -2.8 0.25", "threshhi 60000",
    'calibrate a "-bias=/x y" -opt=exp -opt', 'calibrate a -bias="=64*$OFFSET" -cc=dark 3 -3', "save r_$LIVETIME:%d$s",
    "seqapplyreg a -filter-round=2.5k -framing=max -drizzle -scale=2", 'pm "$a$ * -1"', "setcompress 1 -type=rice 16",
    "subsky -rbf -samples=20", "stackall rej 3 3 -norm=add"])  # fmt: skip
def test_valid_lines_have_no_problems(tmp_path: Path, line: str) -> None:
    assert problems(tmp_path, f"requires 1.4.0\n{line}\n") == []


@pytest.mark.parametrize(("content", "message"), [
    (b"load a\n", "1: error: The first command is not requires"), (b"requires 1.9.0\n", "requires 1.9.0, this is"),
    (b"requires 1.2.0 1.4.0\n", "for Siril before 1.4.0"), (b"requires abc\n", "contains no version"),
    (b"\xef\xbb\xbfrequires 1.4.0\n", "byte order mark"), (b"requires 1.4.0\n# caf\xe9\nload a\n", "2: error: The byte 0xe9"),
    (b"requires 1.4.0\nexit\nload a\n", "2: warning: exit"), (b"# nothing\n", "not requires")])
def test_reasons_why_siril_skips_a_script_are_reported(tmp_path: Path, content: bytes, message: str) -> None:
    assert any(message in problem for problem in problems(tmp_path, content))


def test_siril_refuses_the_options_that_the_check_reports(siril: SirilProgram, tmp_path: Path) -> None:
    for line in ("register a -noout", "stack a rej 3 3 -weight=best", "calibrate a -cfa=1", "stak a"):
        folder = tmp_path / line.replace(" ", "_")
        folder.mkdir()
        (folder / "s.ssf").write_text(f"requires 1.4.0\n{line}\n")
        with pytest.raises(Exception, match="Error in line 2"):
            run_script(siril, ScriptJob(folder / "s.ssf", folder, folder / "log"))


@pytest.mark.parametrize("count", [2, 11, 47, 48, 200])
def test_merges_contain_every_sequence_once_and_no_line_is_too_long(count: int) -> None:
    names = [f"../night_{k}/process/pp_light" for k in range(count)]
    made: dict[str, tuple[str, ...]] = {}
    for sources, target in merge_steps(names, "all"):
        line = f"merge {' '.join(sources)} {target}"
        assert len(words(line)) <= 49 and len(line.encode()) <= MAX_LINE_BYTES and len(sources) >= 2
        assert target not in made and all(s in made or s in names for s in sources)
        made[target] = sources

    def leaves(name: str) -> list[str]:
        return [leaf for source in made[name] for leaf in leaves(source)] if name in made else [name]

    assert leaves("all") == names


def test_names_are_plain_and_differ() -> None:
    assert safe("Ünïque / 31 'x' $D$.fit") == "Unique_31_x_D_fit" and safe("...") == "frames" and safe("-a") == "a"
    assert unique(["a", "A", "b", "a"]) == ["a", "A_2", "b", "a_3"]


def test_options_follow_the_configuration() -> None:
    config = RunConfig.model_validate({"stacking": {"rejection": "gesd"}, "canvas": {"extent": "union"},
                                       "reconstruction": {"method": "drizzle", "scale": 2}, "weights": {"mode": "uniform"}})
    options = ScriptOptions.of(config, kernel="point")
    assert (options.rejection, options.low, options.framing, options.drizzle, options.scale, options.kernel, options.weights) == (
        "gesd", 0.3, "max", True, 2, "point", "none")
    assert ScriptOptions.of() == ScriptOptions()


def test_a_custom_template_replaces_the_built_in_one_and_its_errors_are_reported(tmp_path: Path) -> None:
    values = {"threads": 1, "memory_gb": 1.0, "reference": None, "interpolation": "la"}
    mine = tmp_path / "export.ssf.j2"
    mine.write_text("requires 1.4.0\n# {{ interpolation }}\npwd\n")
    assert render("export.ssf.j2", tmp_path, **values) == "requires 1.4.0\n# la\npwd\n"
    stars = {"pattern": None, "transform": "shift", "min_pairs": 8, "max_stars": 500}
    assert "-minpairs=8" in render("register.ssf.j2", tmp_path, **values, **stars)
    for text, place in (("requires 1.4.0\n{{ nothing }}\n", "line 2"), ("requires 1.4.0\npwd\n{% if %}\n", "line 3"),
                        ("pwd\n", "first command"), ("{% import 'none.j2' as n %}\n", "none.j2")):  # fmt: skip
        mine.write_text(text)
        with pytest.raises(ConfigError, match=place) as caught:
            render("export.ssf.j2", tmp_path, **values)
        assert str(mine) in str(caught.value)
    with pytest.raises(ConfigError, match="does not exist"):
        render("export.ssf.j2", tmp_path / "none", **values)


def test_the_engine_renders_custom_templates(simulated, siril, session_in, context, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    mine = tmp_path / "templates"
    mine.mkdir()
    (mine / "master.ssf.j2").write_text(read_template("siril/master.ssf.j2") + "# mine\n")
    run_context = context(engine={"siril": {"templates": mine}})
    SirilEngine(siril).calibrate(session_in(folder), run_context)
    assert (run_context.scripts / "master_dark.ssf").read_text().endswith("# mine\n")
    assert "# mine" not in (run_context.scripts / "calibrate.ssf").read_text()


def test_steps_after_the_stack_render_them_too_and_continue_if_one_fails(simulated, siril, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    mine = tmp_path / "templates"
    mine.mkdir()
    (mine / "subsky.ssf.j2").write_text(read_template("siril/subsky.ssf.j2") + "# mine\n")
    (mine / "debayer.ssf.j2").write_text("requires 1.4.0\n{{ nothing }}\n")
    result = run(folder, RunConfig.model_validate({
        "engine": {"name": "native", "siril": {"executable": str(siril.path), "templates": str(mine)}},
        "debayer": {"stage": "last", "method": "siril"}, "bge": {"method": "siril"},
        "output": {"report": False}}), runs_dir=tmp_path)
    assert result.error is None
    assert (result.directory / "scripts" / "subsky.ssf").read_text().endswith("# mine\n")
    warnings = [w for w in result.warnings if "debayer.ssf.j2" in w]
    assert len(warnings) == 1 and "line 2" in warnings[0] and "malvar" in warnings[0]


def test_the_command_writes_and_checks(
    simulated, siril: SirilProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def orchestrate(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["orchestrate", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), *capsys.readouterr()

    folder, _ = simulated("tiny_mono")
    code, out, err = orchestrate("script", folder, "-o", tmp_path / "s", "--rejection", "sigma", "--low", "3", "--name", "it's")
    assert code == 0 and "it_s_final.fit" in out, err
    text = (tmp_path / "s" / "run_project.ssf").read_text(encoding="utf-8")
    assert "rej s 3 3.5" in text and "siril-cli -d FOLDER -s run_project.ssf" in text
    (tmp_path / "bad.ssf").write_text("requires 1.4.0\nstak x\n")
    program = ("--set", f"engine.siril.executable={siril.path}")
    files = ("--check", tmp_path / "s" / "run_project.ssf", "--check", tmp_path / "bad.ssf")
    code, out, err = orchestrate("script", *files, *program)
    assert code == 3 and "bad.ssf:2: error" in out and "no problems found" in out
    for arguments, wanted, word in ((("script",), 2, "SESSION"), (("script", "--check", "none.ssf", *program), 4, "none.ssf"),
                                    (("script", folder, "--kernel", "x"), 2, "kernel"),
                                    (("script", folder, "-o", tmp_path, "--scale", "9"), 2, "scale")):  # fmt: skip
        code, out, err = orchestrate(*arguments)
        assert code == wanted and word in err, err
