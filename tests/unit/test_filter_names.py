"""Spellings of filters: one filter has one key, different filters have different ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from astropy.io import fits

from orchestrator.combination.palettes import channel_names, suggest_channels
from orchestrator.session.filter_names import common_filter, filter_channel, filter_key, filter_or_none
from orchestrator.session.headers import frame_info
from orchestrator.session.model import Role

SPELLINGS = {
    "H": ("Ha", "HA", "H-alpha", "H_Alpha", "H-alpha 7nm", "Ha 6.5nm", "H\u03b1", "Baader H-alpha 3.5nm", "Antlia 3nm Pro Ha"),
    "O": ("OIII", "O3", "O-III", "[O III]", "OIII 3nm", "oiii"), "S": ("SII", "S2", "S-II", "SII 6 nm"),
    "L": ("L", "Lum", "Luminance"), "R": ("R", "Red"), "G": ("G", "green"), "B": ("B", "Blue"),
}
OTHERS = ("Ha+OIII", "Hb", "UHC", "UV/IR cut", "L-Pro", "L-eXtreme", "Clear", "IRCUT", "V", "NII", "SII+OIII")


@pytest.mark.parametrize(("channel", "names"), SPELLINGS.items())
def test_all_spellings_of_a_filter_are_one(channel: str, names: tuple[str, ...]) -> None:
    assert {filter_key(n) for n in names} == {channel} == {filter_channel(n) for n in names}


def test_different_filters_stay_different() -> None:
    keys = [filter_key(n) for n in OTHERS] + list(SPELLINGS)
    assert len(set(keys)) == len(keys) and all(keys)


@pytest.mark.parametrize("name", ["None", "none", "NoFilter", "No Filter", "Empty", "N/A", "", None])
def test_words_for_no_filter_are_none(name: str | None) -> None:
    assert filter_key(name) == "" and filter_or_none(name) is None
    header = fits.Header([("FILTER", name or "")])
    assert frame_info(Path("light_1.fit"), header, Role.LIGHT, (48, 64)).filter is None


def test_a_clear_filter_is_the_luminance_only_without_another() -> None:
    assert suggest_channels(["Clear", "R"]) == {"R": "R", "L": "Clear"}
    assert suggest_channels(["Clear", "Lum"])["L"] == "Lum" and set(channel_names(["Clear", "Lum"])) == {"L", "Clear"}


def test_the_common_filter_counts_spellings_together() -> None:
    assert common_filter(["OIII", "OIII", "OIII", "Ha", "Ha", "H-alpha", "H_Alpha", None]) == "Ha"
    assert common_filter([None, "None"]) is None
