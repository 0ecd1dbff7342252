"""Which Siril is found, and which is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import ToolMissing
from orchestrator.tools.siril.cli import SirilProgram, candidates, find_siril


def program(folder: Path, output: str, name: str = "siril-cli") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
    return path


def test_the_real_siril_is_found_and_versioned(siril: SirilProgram) -> None:
    found = find_siril(siril.path)
    assert found.version >= (1, 4) and found.text.startswith("siril 1.")


def test_siril_1_0_is_recognised_and_refused_with_the_remedy(siril_1_0: Path) -> None:
    with pytest.raises(ToolMissing) as caught:
        find_siril(siril_1_0)
    assert "siril 1.0.6" in caught.value.message and str(siril_1_0) in caught.value.message
    assert "1.4" in caught.value.remedy and "--engine native" in caught.value.remedy


def test_the_newest_usable_on_path_wins(tmp_path: Path) -> None:
    for name, version in (("a", "1.2.6"), ("b", "1.4.0"), ("c", "1.4.3-rc1")):
        program(tmp_path / name, f"siril {version}")
    path = ":".join(str(tmp_path / n) for n in "abc")
    found = find_siril(environ={"PATH": path, "HOME": str(tmp_path)})
    assert found.path.parent.name == "c" and found.version == (1, 4, 3)


def test_the_configured_one_is_taken_even_when_others_are_newer(tmp_path: Path) -> None:
    program(tmp_path / "a", "siril 1.6.0")
    chosen = program(tmp_path / "b", "siril 1.4.0")
    assert find_siril(chosen, {"PATH": str(tmp_path / "a")}).path == chosen
    assert find_siril(environ={"PATH": str(tmp_path / "a"), "SIRIL_CLI": str(chosen)}).path == chosen


def test_one_that_does_not_start_does_not_hide_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "a" / "siril-cli"
    broken.parent.mkdir()
    broken.write_bytes(b"\x00\x01")
    broken.chmod(0o755)
    good = program(tmp_path / "b", "siril 1.4.2")
    environ = {"PATH": f"{tmp_path / 'a'}:{tmp_path / 'b'}", "HOME": str(tmp_path)}
    assert find_siril(environ=environ).path == good


def test_links_to_one_file_are_probed_once(tmp_path: Path) -> None:
    real = program(tmp_path / "a", "siril 1.4.2")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "siril-cli").symlink_to(real)
    environ = {"PATH": f"{tmp_path / 'a'}:{tmp_path / 'b'}", "HOME": str(tmp_path)}
    assert [p for p in candidates(environ=environ) if tmp_path in p.parents] == [real]


def test_a_missing_siril_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"does not identify itself|cannot be started"):
        find_siril(tmp_path / "siril-cli")
