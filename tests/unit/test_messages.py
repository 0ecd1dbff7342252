"""Texts that can be translated: messages keep their fields through JSON and pickles, and a run builds no text as an f-string."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from orchestrator.errors import InputError
from orchestrator.message import Message, counted, joined, packed, packed_texts, template_of, translated, unpacked
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.serialization import decode, encode

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from message_texts import message_templates, untranslatable

GERMAN = {"{share} % of {file} {why}": "{why}: {share} % von {file}", "are clipped": "übersteuert", "the sky": "der Himmel",
          "{lights} found": "{lights} gefunden", "{text:C} is bright.": "{text:C} ist hell.",
          "The disk is full.": "Der Datenträger ist voll."}


def german(text: str) -> str:
    return translated(text, lambda template: GERMAN.get(template, template))


def test_a_message_reads_as_its_text_and_is_translated_with_its_fields() -> None:
    message = Message("{share:.1f} % of {file} {why}", share=1.26, file=Path("/a/{b}.fits"), why=Message("are clipped"))
    assert message == "1.3 % of /a/{b}.fits are clipped" and message.template == "{share} % of {file} {why}"
    assert german(message) == "übersteuert: 1.3 % von /a/{b}.fits"
    assert german("The disk is full.") == "Der Datenträger ist voll." and german("Nothing {is} known.") == "Nothing {is} known."
    assert german(Message("{text:C} is bright.", text=Message("the sky"))) == "Der Himmel ist hell."
    assert Message("{text:C} is bright.", text="the sky") == "The sky is bright."
    assert template_of("{share:.1f} % of {file!r} {{x}} {why:C}") == "{share} % of {file} {{x}} {why:C}"


@pytest.mark.parametrize("again", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy,
                                   lambda m: unpacked(json.loads(json.dumps(packed(m)))),
                                   lambda m: decode(json.loads(json.dumps(encode(m, {}, Path("/")))), {}, Path("/"))])
def test_a_message_stays_one_wherever_it_is_stored(again: Any) -> None:
    message = Message("{share:.0f} % of {file!r} {why}", share=5, file="x", why=Message("are {{clipped}}"))
    same = again(message)
    assert same == message and isinstance(same, Message)
    assert (same.template, same.values) == (message.template, message.values) and isinstance(same.values["why"], Message)


def test_errors_and_lists_within_a_message_are_translated() -> None:
    error = InputError(Message("{lights} found", lights=2), "The disk is full.")
    assert german(Message("{error}", error=error)) == "2 gefunden Der Datenträger ist voll."
    assert german(Message("{error}", error=ValueError(Message("the sky")))) == "der Himmel"
    assert german(joined("; ", [Message("the sky"), "{a}"])) == "der Himmel; {a}"
    assert [counted(n, "{count} light", "{count} lights") for n in (1, 3)] == ["1 light", "3 lights"]


def test_events_hold_the_messages_of_their_texts_without_control_characters() -> None:
    heard: list[dict[str, Any]] = []
    log = EventLog(None, (heard.append,))
    log.warning(Message("{file} is damaged.", file="a\x1bb"))
    log.emit("error", message="The disk is full.", remedy=Message("Free {size}.", size=3))
    assert heard[0]["message"] == "a\\x1bb is damaged." == log.warnings[0] == unpacked(heard[0]["texts"]["message"])
    assert list(heard[1]["texts"]) == ["remedy"] and packed_texts(message="x") == {}


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_text_of_a_run_has_a_translation(language: str) -> None:
    file = Path(__file__).parents[2] / "orchestrator" / "gui" / "i18n" / f"orchestrate_{language}.ts"
    known = {m.findtext("source") for c in ElementTree.parse(file).getroot().iter("context") if c.findtext("name") == "messages"
             for m in c.iter("message") if m.findtext("translation")}
    assert not [text for text in message_templates() if text not in known], "run: python scripts/translations.py"


def test_texts_of_a_run_are_messages() -> None:
    """Errors, warnings and findings with fields have a template, so that the window, the report and the page translate them."""
    assert not untranslatable()
    found = message_templates()
    assert len(found) > 800 and "{name}: {text}" not in found
    assert "The stack could not be plate solved: {error}" in found  # of a warning
    assert "The transform does not follow the lens: try --set registration.transform=homography." in found  # without fields
