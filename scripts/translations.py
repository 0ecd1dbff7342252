"""Update the translation files of the window from the sources (.ts), and the files that Qt reads (.qm).

    python scripts/translations.py        after texts or settings have changed; then translate the unfinished entries of the .ts
                                          files, and run it again

Needs PySide6-Essentials (its pyside6-lupdate and pyside6-lrelease).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from message_texts import message_templates

from orchestrator import PHASE_WORDS, preset_names, project_settings, script_settings, setting_sections
from orchestrator.live.page_words import PAGE_WORDS

ROOT = Path(__file__).parents[1]
GUI = ROOT / "orchestrator" / "gui"
# English: only the singular and plural forms; all other texts are those of the source.
LANGUAGES = ("en", "fr", "de")


def help_texts() -> list[str]:
    """Every help text that the window shows, without duplicates."""
    texts = [t for s in setting_sections() for t in (s.help, *(one.help for one in s.settings))]
    others = (s.help for s in (*project_settings(), *script_settings()))
    effects = (one.effect for section in setting_sections() for one in section.settings)
    return list(dict.fromkeys(t for t in (*texts, *others, *effects, *preset_names().values()) if t))


def texts_outside_the_window() -> dict[str, list[str]]:
    """Texts of the program that the window translates, by context."""
    return {"settings": help_texts(), "phases": list(PHASE_WORDS.values()), "messages": message_templates(),
            "page": list(PAGE_WORDS)}


def tool(name: str, *arguments: str | Path) -> None:
    subprocess.run([str(Path(sys.executable).parent / f"pyside6-{name}"), "-silent", *map(str, arguments)], check=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "settings.py"
        texts = [(context, text) for context, found in texts_outside_the_window().items() for text in found]
        calls = (f'QCoreApplication.translate("{context}", {quoted(text)})' for context, text in texts)
        source.write_text("\n".join(["from PySide6.QtCore import QCoreApplication", *calls, ""]), encoding="utf-8")
        for language in LANGUAGES:
            file = GUI / "i18n" / f"orchestrate_{language}.ts"
            plural = ["-pluralonly"] if language == "en" else []
            tool("lupdate", *plural, "-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language,
                 *sorted(GUI.glob("*.py")), *([] if plural else [source]), "-ts", file)
            tool("lrelease", file, "-qm", file.with_suffix(".qm"))


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
