"""The report of ``orchestrate doctor``, with the real programs and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import simulation
from orchestrator.errors import ToolMissing
from orchestrator.io.package_data import read_template, templates
from orchestrator.tools.astap import find_astap
from orchestrator.tools.astrometry_net import find_solve_field
from orchestrator.tools.doctor import report


def test_the_report_names_missing_programs_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {r.name: r for r in report(siril=tmp_path / "siril-cli", astap=tmp_path / "astap_cli")}
    assert all(found[name].ok for name in ("Python", "numpy", "numba", "OpenCV", "sep", "Cores"))
    for name in ("Siril", "ASTAP", "astrometry.net"):
        assert not found[name].ok and found[name].message and found[name].remedy and not found[name].needed
    assert "--engine native" in found["Siril"].remedy or "Install" in found["Siril"].remedy


def test_the_real_programs_are_found(siril, tools) -> None:  # type: ignore[no-untyped-def]
    assert find_astap(tools("astap_cli")).version >= (2022,)
    assert find_solve_field(tools("solve-field")).version >= (0, 90)
    found = {r.name: r for r in report(siril=siril.path, astap=tools("astap_cli"))}
    assert found["Siril"].ok and found["ASTAP"].ok and found["Siril"].version.startswith("1.")


def test_a_program_that_is_not_astap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "astap_cli"
    path.write_text("#!/bin/sh\necho hello\n")
    path.chmod(0o755)
    with pytest.raises(ToolMissing, match="does not identify itself as ASTAP"):
        find_astap(path)


def test_templates_and_fixtures_are_found() -> None:
    assert "requires 1.4.0" in read_template("siril/_macros.j2")
    assert templates().is_dir() and Path(simulation.__file__).with_name("stars.csv").is_file()
