"""A session with many faults: what the scan finds in it is German and French to the last sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import Project, ProjectNight, project_overview
from orchestrator.io.languages import translator
from orchestrator.message import translated

# Words that English sentences have and German and French ones do not.
ENGLISH = re.compile(r"\b(the|is|are|was|were|of|and|not|with|for|this|that|these|has|have|use|used|give|other)\b", re.IGNORECASE)


def write(path: Path, level: float = 1000, shape: tuple[int, int] = (40, 60), **cards: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(list(str(path).encode()))
    header = fits.Header([("EXPTIME", 60.0), ("GAIN", 100), ("OFFSET", 10), ("CCD-TEMP", -10.0), ("INSTRUME", "Cam A"),
                          ("DATE-OBS", "2024-10-03T22:00:00")])
    header.update(cards)
    fits.writeto(path, rng.normal(level, 10, shape).astype(np.uint16), header)


def faulty_nights(root: Path) -> list[Path]:
    """Nights with wrong gains, exposures, cameras, filters, sizes, damaged and stretched frames, and one without lights."""
    first, second, third = (root / f"night {n}" for n in (1, 2, 3))
    for i in range(6):
        write(first / f"lights/l_{i}.fits", RA=10.0, DEC=41.0, FILTER="L", ROTATOR=10.0)
        write(first / f"darks/d_{i}.fits", 300, GAIN=200)
        write(first / f"biases/b_{i}.fits", 290)
        write(first / f"flats/f_{i}.fits", 20000, FILTER="L" if i else "Ha", ROTATOR=60.0)
        write(second / f"lights/l_{i}.fits", EXPTIME=120.0 if i % 2 else 60.0, FILTER="L", RA=83.0, DEC=22.0)
        write(second / f"darks/d_{i}.fits", 300, EXPTIME=30.0, **{"CCD-TEMP": 5.0})
        write(second / f"flats/f_{i}.fits", 20000, INSTRUME="Cam B", FILTER="Ha")
    write(first / "lights/small.fits", shape=(20, 30), FILTER="L")
    write(first / "lights/bright.fits", 55000, FILTER="L")
    (first / "lights/cut.fits").write_bytes((first / "lights/l_0.fits").read_bytes()[:4000])
    (first / "lights/other.txt").write_text("x")
    write(second / "lights/failed_l.fits", FILTER="L")
    (third / "lights").mkdir(parents=True)
    (third / "darks").mkdir()
    write(third / "darks/d_0.fits", 300)
    return [first, second, third]


def texts(project: Project, runs: Path) -> Iterator[str]:
    found = project_overview(project, runs)
    for finding in found.findings:
        yield from (finding.message, finding.remedy)
    for night in found.scans:
        if night.problem is not None:
            yield from (night.problem.message, night.problem.remedy)
        if night.session is not None:
            yield from (*night.session.warnings, *night.session.notes)
            yield from (text for e in night.session.excluded for text in (e.reason, e.remedy))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("faulty")
    project = Project(root=root, name="M31")
    project.nights = [ProjectNight(path=str(n)) for n in faulty_nights(root)]
    return [t for t in dict.fromkeys(texts(project, root / "runs")) if t]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_no_sentence_of_the_scan_stays_english(found: list[str], language: str) -> None:
    assert len(found) > 15 and sum(bool(ENGLISH.search(t)) for t in found) > 12  # the English ones are recognised
    translate = translator(language)
    shown = {text: translated(text, translate) for text in found}
    names = re.compile(r"\S*/\S*|--set \S+|use: \w+")  # paths and options are the same in every language
    assert not {text: line for text, line in shown.items() if ENGLISH.search(names.sub("", line))}
