"""The program speaks plain standard English: words and turns of phrase that it does not use, in strings, comments and pages."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Pattern (whole words, any case) -> what to write instead.
BANNED = {
    r"told|tells?|telling": "report, show, warn, name, distinguish",
    r"says?|said|saying": "report, show, state",
    r"anew": "again",
    r"(?:what )?befell|befalls?|befallen": "happened to, affects",
    r"lie|lies|lay|lain": "is, is stored, is in",
    r"so (?:many|much|large|small|long|sharp|few|short|big)": "the quantity itself: fewer than N frames, longer than N s",
    r"(?:go|goes|went|gone|going) on": "continue, resume",
    r"(?:tak(?:e|es|en|ing)|took)(?: [\w']+){0,4} (?:off|away)": "subtract, remove",
    r"guilty": "the frame responsible, bad",
    r"whence|hence|thus|wherefore|thereby": "so, therefore",
    r"(?<!there )(?<!there's )(?:is|are|was|were) no (?!longer|more|less)\w+": "is not a, are not",
    r"what (?:is|there is|was) there": "the contents, the files found",
    r"for want of": "without, because there is no",
    r"made up for|makes up for": "compensated",
}
PATTERNS = {re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I): better for words, better in BANNED.items()}


def python_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string, docstring and comment of a module. Adjacent literals are one string."""
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    comments: list[tuple[int, str]] = []
    column = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.lstrip("# ")
            if comments and token.start[1] == column and comments[-1][0] + comments[-1][1].count("\n") + 1 == token.start[0]:
                comments[-1] = (comments[-1][0], f"{comments[-1][1]}\n{text}")
            else:
                comments.append((token.start[0], text))
            column = token.start[1]
    yield from comments


def problems(texts: Iterator[tuple[int, str]]) -> list[str]:
    return [f"line {line}: {match.group(0)!r} (better: {better}) in {' '.join(text.split())[:120]!r}" for line, text in texts
            for pattern, better in PATTERNS.items() for match in pattern.finditer(" ".join(text.split()))]


def shell_texts(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every line of a shell script but for its shebang: comments, messages and names."""
    for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not text.startswith("#!"):
            yield line, text.lstrip("# ")


# Names of test functions are not checked; this file holds the banned words.
MODULES = sorted(p for folder in ("orchestrator", "tilecore", "fixtures", "scripts", "tests")
                 for p in (ROOT / folder).rglob("*.py") if p != Path(__file__))
SHELL = sorted([*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run", *(ROOT / "tests" / "faults" / "imitations").glob("*")])
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / ".github").rglob("*.*"), ROOT / "Makefile",
                ROOT / "pyproject.toml", *(ROOT / "tests" / "faults").glob("*.yaml"), *(ROOT / "tests").rglob("*.md"),
                *(ROOT / "templates").rglob("*.j2"),
                *(p for p in (ROOT / "orchestrator").rglob("*") if p.suffix in (".html", ".j2", ".js", ".yaml"))])


def test_strings_and_comments_use_plain_english() -> None:
    found = [f"{path.relative_to(ROOT)} {problem}" for path in MODULES for problem in problems(python_texts(path))]
    assert not found, "\n" + "\n".join(found)


def test_shell_scripts_use_plain_english() -> None:
    found = [f"{path.relative_to(ROOT)} {problem}" for path in SHELL for problem in problems(shell_texts(path))]
    assert SHELL and not found, "\n" + "\n".join(found)


def test_pages_and_templates_use_plain_english() -> None:
    found = []
    for path in PAGES:
        line = 1
        for paragraph in path.read_text("utf-8").split("\n\n"):
            found += [f"{path.relative_to(ROOT)} {problem}" for problem in problems(iter([(line, paragraph)]))]
            line += paragraph.count("\n") + 2
    assert PAGES and not found, "\n" + "\n".join(found)


def test_the_source_texts_of_the_window_use_plain_english() -> None:
    found = []
    for path in sorted((ROOT / "orchestrator" / "gui" / "i18n").glob("*.ts")):
        texts = re.findall(r"<source>(.*?)</source>", path.read_text("utf-8"), re.S)
        found += [f"{path.name} {problem}" for problem in problems((0, text) for text in texts)]
    assert not found, "\n" + "\n".join(found)


def test_the_check_finds_each_turn_of_phrase() -> None:
    sentences = ("It says so.", "made anew", "the files lie there", "so many frames", "Go on with a run.",
                 "take the gradient away", "This is no run.", "a guilty frame", "What is there is used.")
    assert not [s for s in sentences if not problems(iter([(1, s)]))]


def test_the_check_lets_plain_sentences_pass() -> None:
    sentences = ("There is no dark.", "the layout of a layer", "no longer used", "essential", "so far")
    assert not [s for s in sentences if problems(iter([(1, s)]))]
