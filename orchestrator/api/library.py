"""The targets of all runs in a folder: how long each was exposed, and what another hour would bring."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from astropy.io import fits

from orchestrator.api.tonight import Tonight
from orchestrator.errors import InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.project.discovery import find_nights
from orchestrator.report.files import RunFiles
from orchestrator.report.images import picture
from orchestrator.report.render import asset, page
from orchestrator.report.same_pixels import PRODUCTS
from orchestrator.report.wording import duration, finite, number, percent
from orchestrator.report.write import write_text
from orchestrator.rundir.listing import list_runs
from orchestrator.session.folders import files_of
from orchestrator.session.model import Role

__all__ = ["LibraryTarget", "NewLights", "library", "not_stacked", "target_rows", "write_library"]

# Coordinates of the telescope and of the observer, in degrees, in the header of a stack.
SKY, SITE = ("RA", "DEC"), ("SITELAT", "SITELONG")
WITHOUT_NAME = "without a name"
HOUR = 3600.0
# Longest side of the picture on a card in pixels.
CARD_SIDE = 480


@dataclass
class LibraryTarget:
    """One object of the sky.

    Attributes
    ----------
    name : as the headers have it most often.
    exposure : filter ("" if the lights have none) -> seconds of all lights in stacks; a light of several runs counts once.
    nights : dates of the evenings.
    frames : number of lights in stacks.
    best : the directory of the run with the most exposure.
    fwhm_arcsec, fwhm_px : of the stack of that run, None if unknown.
    sky, site : right ascension and declination, and latitude and longitude (east is positive), in degrees; None if unknown.
    """

    name: str
    exposure: dict[str, float] = field(default_factory=dict)
    nights: tuple[str, ...] = ()
    frames: int = 0
    best: Path = Path()
    fwhm_arcsec: float | None = None
    fwhm_px: float | None = None
    sky: tuple[float, float] | None = None
    site: tuple[float, float] | None = None

    @property
    def total(self) -> float:
        """Seconds in all filters."""
        return sum(self.exposure.values())

    @property
    def gain_of_an_hour(self) -> float:
        """The share of the noise that one more hour removes from the filter with the least exposure, with independent noise:
        1 - sqrt(T / (T + 1 h))."""
        least = min(self.exposure.values(), default=0.0)
        return float(1 - (least / (least + HOUR)) ** 0.5)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"name": self.name, "exposure_s": self.exposure, "total_s": self.total, "nights": list(self.nights),
                "frames": self.frames, "run": str(self.best), "fwhm_arcsec": self.fwhm_arcsec, "fwhm_px": self.fwhm_px,
                "sky_deg": self.sky, "site_deg": self.site, "gain_of_an_hour": round(self.gain_of_an_hour, 4)}


@dataclass(frozen=True)
class NewLights:
    """Lights of a night that no finished run contains: their number, and target and seconds according to the first of them."""

    night: Path
    name: str
    lights: int
    exposure_s: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"night": str(self.night), "name": self.name, "lights": self.lights, "exposure_s": self.exposure_s}


@dataclass
class _Found:
    """Lights and runs of one target: path of a light -> (filter, seconds, evening); run -> seconds."""

    names: Counter[str] = field(default_factory=Counter)
    lights: dict[str, tuple[str, float, str]] = field(default_factory=dict)
    runs: dict[Path, float] = field(default_factory=dict)


def library(runs: Path) -> list[LibraryTarget]:
    """The targets of the finished runs in a folder, the one with the most exposure first.

    Raises InputError if the folder does not exist. Damaged runs are left out.
    """
    found: dict[str, _Found] = defaultdict(_Found)
    for directory, light in _stacked_lights(runs):
        name, seconds = str(light.get("object") or WITHOUT_NAME).strip(), finite(light.get("exposure")) or 0.0
        target = found[_key(name)]
        target.names[name] += 1
        target.lights[str(light["path"])] = (str(light.get("filter") or ""), seconds, _evening(light.get("time")))
        target.runs[directory] = target.runs.get(directory, 0.0) + seconds
    return sorted(map(_target, found.values()), key=lambda t: (-t.total, t.name))


def _stacked_lights(runs: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The run and the header values of every light in the stack of a finished run."""
    for entry in list_runs(runs):
        if entry.status not in ("ok", "validation_failed") or entry.combines or entry.unreadable:
            continue
        files = RunFiles(entry.directory)
        kept = {str(f.get("file")) for f in files.manifest.get("frames") or [] if isinstance(f, dict) and f.get("kept")}
        for light in (files.json("scan_input").get("frames") or {}).get("light") or []:
            if isinstance(light, dict) and str(light.get("path")) in kept:
                yield entry.directory, light


def not_stacked(nights: Path, runs: Path) -> list[NewLights]:
    """The nights below a folder with lights that no finished run contains.

    Raises InputError if one of the folders does not exist. Of each night only the first such light is read.
    """
    if not nights.is_dir():
        raise InputError(f"There is no folder {nights}.", "Give the folder that contains the nights.")
    known = {str(Path(str(light["path"])).resolve()) for _, light in _stacked_lights(runs)}
    found = []
    for night in find_nights(nights):
        lights = (path for path, role in files_of(night, []) if role in (None, Role.LIGHT))
        new = [path for path in lights if str(path.resolve()) not in known]
        if not new:
            continue
        try:
            header = frame_files.read_header(new[0])
        except OrchestrateError:
            header = fits.Header()
        name = str(header.get("OBJECT") or WITHOUT_NAME).strip()
        found.append(NewLights(night, name, len(new), len(new) * (finite(header.get("EXPTIME")) or 0.0)))
    return found


def write_library(targets: list[LibraryTarget], path: Path, skies: dict[str, Tonight]) -> Path:
    """Write the targets as one HTML file with their pictures and links to their reports; ``skies``: name -> the sky tonight."""
    cards = []
    for target in targets:
        preview = target.best / "outputs" / "preview.png"
        cards.append({"target": target, "picture": picture(preview, target.name, f"The stack of {target.name}.", CARD_SIDE),
                      "report": Path(os.path.relpath(target.best / "artifacts" / "report.html", path.parent)).as_posix(),
                      "rows": target_rows(target, skies.get(target.name))})
    write_text(path, page("library.html.j2", asset("report.css"), "", title="Library", cards=cards,
                          total=duration(sum(t.total for t in targets))))
    return path


def target_rows(target: LibraryTarget, sky: Tonight | None) -> list[tuple[str, str]]:
    """What is known of a target, in words: label and value."""
    sharp = number(target.fwhm_arcsec, "\u2033") if target.fwhm_arcsec is not None else number(target.fwhm_px, "px")
    rows = [(name or "no filter", duration(seconds)) for name, seconds in target.exposure.items()]
    rows += [("nights", f"{len(target.nights)}, last {target.nights[-1]}" if target.nights else "\u2013"),
             ("FWHM", sharp), ("another hour", f"{percent(target.gain_of_an_hour, 0)} less noise")]
    if sky is not None:
        rows.append(("tonight", f"{number(sky.hours, 'h') if sky.hours else 'not'} above 30\u00b0 in darkness"))
        rows.append(("moon", f"{percent(sky.moon_light, 0)} lit, {number(sky.moon, digits=2)}\u00b0 away"))
    return rows


def _key(name: str) -> str:
    """The same for "M 31", "m31" and "M_31"."""
    return re.sub(r"[\s_-]+", "", name).lower()


def _evening(time: Any) -> str:
    """The date on which the night of a UTC time began, "" if it is unknown: twelve hours earlier."""
    try:
        return f"{datetime.fromisoformat(str(time)) - timedelta(hours=12):%Y-%m-%d}"
    except ValueError:
        return ""


def _target(found: _Found) -> LibraryTarget:
    exposure: dict[str, float] = defaultdict(float)
    for name, seconds, _ in found.lights.values():
        exposure[name] += seconds
    best = max(found.runs, key=lambda d: (found.runs[d], d.name))
    files = RunFiles(best)
    fwhm, scale = finite(files.json("validation").get("fwhm_px")), finite(files.json("astrometry").get("scale_arcsec_px"))
    sky, site = _places(files)
    nights = tuple(sorted({evening for _, _, evening in found.lights.values() if evening}))
    return LibraryTarget(found.names.most_common(1)[0][0], dict(sorted(exposure.items())), nights, len(found.lights), best,
                         fwhm * scale if fwhm and scale else None, fwhm, sky, site)


def _places(files: RunFiles) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """The centre of the picture on the sky, and the place of the observer."""
    solved = files.json("astrometry")
    centre = _pair(solved.get("ra_deg"), solved.get("dec_deg"))
    for name in PRODUCTS:
        path = files.output(name)
        if path is not None:
            try:
                header = fits_io.read_header(path)
            except OrchestrateError:
                break
            sky, site = (_pair(*(header.get(card) for card in cards)) for cards in (SKY, SITE))
            return centre or sky, site
    return centre, None


def _pair(first: Any, second: Any) -> tuple[float, float] | None:
    a, b = finite(first), finite(second)
    return None if a is None or b is None else (a, b)
