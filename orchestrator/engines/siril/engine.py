"""Stage one by Siril: masters, calibrated lights, registration.

Siril 1.4 computes the following, checked against the formulas in numpy (tests/tools/test_siril_engine.py):

- masters: winsorized mean; from flats the dark-flat (else the bias) is subtracted first, then they are scaled to equal medians;
- lights: ``(L - D) N / F``, D the dark (it contains the bias), else the bias or a constant;
  N is the mean of the flat over columns ``w//3 : 2(w//3)`` and rows ``h - 2(h//3) : h - h//3`` of the file;
- equalised flats: red and blue pixels of F are divided by their mean over that of green, measured on rows
  ``h//3 : h - h//3`` and columns ``w//3 : w - w//3`` as the mean of the means of the 6 x 6 cells;
- hot pixels: dark >= median + hot_sigma * standard deviation (not robust) become the mean of their eight neighbours
  of the same colour.

Without darks, or if ``calibration.fixed_pattern`` requests it, bad pixels and fixed pattern are then removed from the
calibrated lights, so that Siril sees only stars. (Siril's ``-cc=bpm`` takes the mean of all eight neighbours, including bad
ones: of three adjacent hot pixels a quarter remains. It has no correction for columns, rows and warm pixels.)
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import bad_from_dark
from orchestrator.engines.base import NO_FLATS, CalibrationResult, Frame, FrameSet, fitted_model
from orchestrator.engines.calibrated_flats import needs_own_dark_flats, with_calibrated_flats
from orchestrator.engines.calibration_check import checked
from orchestrator.engines.native.fixed_pattern import (
    NO_DARKS,
    Cleaning,
    clean_files,
    pattern_from_lights,
    uses_lights,
)
from orchestrator.engines.native.kept_masters import typical_level
from orchestrator.engines.native.masters import plain_layout, synthetic_level
from orchestrator.engines.no_data import NoData, fill_files, moved_no_data, no_data_of_lights, no_data_warnings
from orchestrator.engines.prepared_calibration import Prepared, prepare
from orchestrator.engines.saturation import saturation_levels
from orchestrator.engines.scaled_dark import scaled_dark
from orchestrator.engines.siril.cache import (
    find_registration,
    keep_registration,
    master_key,
    read_registration,
    registration_key,
)
from orchestrator.engines.siril.registered_frames import reference_index, registered_frames, siril_error
from orchestrator.engines.siril.work_folder import (
    empty_folder,
    expect_frames,
    link,
    stage,
    stage_masters,
    unusable_reason,
    user_master,
)
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.serialization import storable
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, SirilRun, find_siril, run_script
from orchestrator.tools.siril.script import render, safe_name, write_script

__all__ = ["SirilEngine", "SirilReader", "siril_pattern"]

logger = logging.getLogger(__name__)

# Siril numbers the CFA patterns in this order (debayer.pattern).
PATTERNS = ("RGGB", "BGGR", "GBRG", "GRBG")
# Side (px) of the square on which Siril measures the scale of a dark; it crashes on smaller frames.
OPTIMISATION_SQUARE = 512
# Siril's warning of negative pixels, and how far their share may be from that of the pixels without data.
NEGATIVE_PIXELS = re.compile(r"many negative pixels \((\d+)%\)")
NEGATIVE_ROUNDING = 0.02
# registration.interpolation -> Siril's name of the interpolation.
INTERPOLATIONS = {"lanczos4": "la", "lanczos3": "la", "bicubic": "cu", "bilinear": "li", "nearest": "ne"}


@storable()
@dataclass(frozen=True)
class SirilReader:
    """Reads a frame that Siril wrote (float32, 1.0 = 65535 ADU). ``bad``: the map of the pixels that were replaced,
    ``blank``: the mask of those without data, ``saturation`` the level from which pixels are not linear."""

    layout: fits_io.ImageLayout
    bad: Path | None = None
    blank: Path | None = None
    saturation: float = 0.95

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]:
        return self.layout.read(row_start, row_stop)


@storable(())
class SirilEngine:
    """Stage one with scripts for siril-cli; each script is kept in the run's ``scripts`` folder."""

    name = "siril"

    def __init__(self, probe: SirilProgram | None = None) -> None:
        self._probe = probe

    def calibrate(self, session: Session, context: RunContext) -> CalibrationResult:
        """Masters and calibrated lights.

        Raises
        ------
        ToolError : Siril failed, or does not support the request (too few lights, scaled darks of small frames).
        InputError : a master cannot be read.
        """
        prepared = prepare(session, context)
        return checked(self._calibrate(prepared), prepared, context)

    def _calibrate(self, prepared: Prepared) -> CalibrationResult:
        session, context = prepared.session, prepared.context
        lights, settings = session.lights, context.config.calibration
        # Packed lights are checked when they are unpacked, below.
        reasons = {n: why for n, frame in enumerate(lights)
                   if not frame.decompress and (why := unusable_reason(frame, session.shape))}
        empty, warnings = self._no_data(lights, reasons, context)
        usable = [frame for n, frame in enumerate(lights) if n not in reasons]
        if len(usable) < (1 if context.group else 2):  # a single light of a group is staged twice
            raise siril_error(Message("Siril needs two lights, {count} can be read.", count=len(usable)))
        if settings.dark_scaling and min(session.shape[-2:]) < OPTIMISATION_SQUARE:
            raise siril_error(Message("Siril scales darks only on frames of at least {optimisation_square} pixels.",
                                      optimisation_square=OPTIMISATION_SQUARE))
        if settings.dark_scaling and Role.DARK in session.masters:
            raise siril_error("Siril cannot scale a given master dark, which contains the bias.")
        masters = self._masters(session, context)
        dark, cfa = "dark" in masters, session.cfa is not None
        colour = _exports_colour(session, context)
        # Bad pixels must be removed before Siril detects stars, and before a mosaic is debayered.
        cosmetic = dark and settings.cosmetic and len(session.shape) == 2
        clean = cosmetic or uses_lights(settings, dark=dark)
        used = dict(masters)
        if dark:
            used["dark"] = scaled_dark(masters["dark"], masters.get("bias"), synthetic_level(settings.synthetic_bias),
                                       session.dark_ratio)
        folder, run = self._calibrate_lights(session, usable, used, context, debayer=colour and not clean)
        calibrated = _readers(folder, len(usable))
        known = [None if (one := empty[n]) is None else one.path for n in range(len(lights)) if n not in reasons]
        fill_files([(reader.layout, blank) for reader, blank in zip(calibrated, known, strict=True)], context)
        details: dict[str, object] = {"siril": self.probe(context).text, "seconds": round(run.seconds, 1)}
        no_darks = clean and not dark and "dark" not in prepared.complete
        no_flats = "flat" not in masters and "flat" not in prepared.complete
        warnings += [*((NO_DARKS,) if no_darks else ()), *((NO_FLATS,) if no_flats else ()),
                     *_warnings(run, [n.share for n in empty if n is not None])]
        bad = None
        if cosmetic:
            in_dark = bad_from_dark(used["dark"], masters.get("flat"), session.frames.get(Role.DARK, ()), calibrated, context,
                                    cfa=cfa)
            bad, details["bad_pixels"] = in_dark.path, in_dark.details
            logger.info("Bad pixels found in the master dark: %s", in_dark.details["bad_pixels"])
            warnings += in_dark.warnings
        found = pattern_from_lights(calibrated, context, cfa=cfa, dark=dark)
        bad = bad or found.bad
        masters.update({k: p for k, p in (("bad_pixels", bad), ("fixed_pattern", found.pattern)) if p})
        clean_files([reader.layout for reader in calibrated], Cleaning(bad, found.pattern, cfa), context)
        if colour and clean:
            folder = self._debayer(folder, len(usable), session, context)
        subtracted = used.get("dark") or used.get("bias")
        offset = typical_level(subtracted) if subtracted else synthetic_level(settings.synthetic_bias)
        levels = [level for n, level in enumerate(saturation_levels(lights, empty, offset)) if n not in reasons]
        made = iter([replace(reader, blank=blank, saturation=level) for reader, blank, level in zip(
            _readers(folder, len(usable), None if colour else bad), known, levels, strict=True)])
        readers = tuple(None if n in reasons else next(made) for n in range(len(lights)))
        if found.details:
            details["fixed_pattern"] = found.details
        warnings += found.warnings
        logger.info("Calibration of %d lights with: %s; %d cannot be read", len(lights), ", ".join(masters) or "no masters",
                    len(reasons))
        return CalibrationResult(masters, readers, reasons, tuple(warnings), details)

    def _no_data(self, lights: Sequence[FrameInfo], reasons: dict[int, str],
                 context: RunContext) -> tuple[list[NoData | None], list[str]]:
        """The pixels without data of the lights, and warnings about them; lights without any data join ``reasons``."""
        layouts: list[fits_io.ImageLayout | None] = [None] * len(lights)
        for n, light in enumerate(lights):
            try:
                layouts[n] = None if n in reasons else plain_layout(light, context.work)
            except InputError as error:
                reasons[n] = error.message
        found, unusable = no_data_of_lights(layouts, context)
        reasons |= unusable
        return found, no_data_warnings(layouts, found)

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
        """Transforms of all lights that Siril could register and whose stars confirm it.

        Raises
        ------
        ToolError : Siril failed, or found no reference.
        """
        numbers = [n for n, reader in enumerate(calibrated.readers) if reader is not None]
        folder = context.work / "siril" / "register"
        settings = context.config.registration

        def fresh() -> None:
            empty_folder(folder)
            for k, n in enumerate(numbers, 1):
                link(calibrated.readers[n].layout.path, folder / safe_name("pp_light", k))  # type: ignore[union-attr]

        transform = "similarity" if settings.transform == "auto" else fitted_model(settings.transform)
        values: dict[str, object] = {
            "pattern": None if _exports_colour(session, context) else siril_pattern(session), "transform": transform,
            "min_pairs": max(4, settings.min_inliers), "max_stars": min(2000, max(100, settings.max_stars))}  # fmt: skip
        # Registered frames are written from the sequence in this folder.
        key = "" if _exports(context) else registration_key(
            context, self.probe(context), [r for r in calibrated.readers if r is not None], session.lights[0].top_down, values)
        found = find_registration(context, key)
        if found is None:
            self._run("register", folder, context, [Expected(folder / "pp_light_.seq")], fresh, script="register", **values)
            found = read_registration(folder, len(numbers), session.shape[-2])
            keep_registration(context, key, found)
        images = found.sequence.images
        reference = reference_index(session.lights, numbers, images, found.sequence.reference, settings, found.stars)
        frames = registered_frames(session, calibrated, numbers, images, reference, found.stars, settings)
        shape = session.shape[-2:]
        channels = 3 if _exports_colour(session, context) or len(session.shape) == 3 else 1
        cfa = session.cfa if channels == 1 else None
        logger.info("Reference: %s", session.lights[numbers[reference]].path)
        logger.info("%d of %d lights registered, transform %s", sum(f.matrix is not None for f in frames), len(frames), transform)
        for frame in frames:
            if frame.matrix is None:
                logger.info("%s is not registered: %s", frame.info.path, frame.reason)
        result = FrameSet(frames, numbers[reference], (shape[0], shape[1]), cfa, channels, self.name)
        return self._export(result, numbers, reference, folder, context) if _exports(context) else result

    def probe(self, context: RunContext) -> SirilProgram:
        """The Siril installation in use, searched for once."""
        if self._probe is None:
            self._probe = find_siril(context.config.engine.siril.executable)
        return self._probe

    def _masters(self, session: Session, context: RunContext) -> dict[str, Path]:
        """Masters in ``outputs/calibration`` by kind, each after those that it needs."""
        made: dict[str, Path] = {}
        settings = context.config.calibration
        own = needs_own_dark_flats(session)
        for role in (Role.BIAS, Role.DARKFLAT, Role.DARK, Role.FLAT):
            kind, frames = role.value, session.frames.get(role, ())
            target = context.calibration / f"master_{kind}.fit"
            if role in session.masters:
                made[kind] = user_master(session.masters[role], target, session.shape)
            elif own and role is Role.DARKFLAT:
                continue
            elif own and role is Role.FLAT:
                flats = with_calibrated_flats(session, context, self._dark_flat, made.get("bias"),
                                              synthetic_level(settings.synthetic_bias)).frames[role]
                if flats:
                    made[kind] = self._master(kind, flats, {}, target, context, subtracted=True)
            elif frames:
                made[kind] = self._master(kind, frames, made, target, context)
            elif role is Role.BIAS and settings.synthetic_bias is not None and settings.synthetic_bias % 1:
                # Siril rounds a level to whole ADU; a frame keeps the fraction.
                level = np.full(session.shape, settings.synthetic_bias / fits_io.FULL_SCALE, np.float32)
                fits_io.write(target, level)
                made[kind] = target
        return made

    def _dark_flat(self, session: Session, context: RunContext) -> Path:
        """The master dark-flat of a session with one set of them."""
        frames, kind = session.frames[Role.DARKFLAT], Role.DARKFLAT.value
        return self._master(kind, frames, {}, context.calibration / f"master_{kind}.fit", context)

    def _master(
        self, kind: str, frames: Sequence[FrameInfo], made: dict[str, Path], target: Path, context: RunContext, *,
        subtracted: bool = False,
    ) -> Path:  # fmt: skip
        """One master of ``frames``; ``subtracted``: offset and dark current are already subtracted from these flats."""
        folder = context.work / "siril" / kind
        settings = context.config.calibration
        needed = {k: v for k, v in made.items() if k in ("bias", "darkflat")}

        def fresh() -> None:
            stage(frames, empty_folder(folder), kind, context.check, work=context.work)
            stage_masters(needed, folder)

        values: dict[str, object] = {
            "kind": kind, "sigma": settings.rejection_sigma, "bias": "master_bias" if "bias" in needed else "",
            "bias_level": None if subtracted else _level(context, made),
            "darkflat": "master_darkflat" if "darkflat" in needed else "",
            "subtract_bias": kind == "dark" and _scales(context, made),
        }  # fmt: skip
        template = "flat" if kind == "flat" else "master"
        key = master_key(context, self.probe(context), template, frames, needed, values)
        if context.cache is not None and key and context.cache.get_file("masters", key, target):
            logger.info("Master %s of %d frames, from the session cache: %s", kind, len(frames), target)
            return target
        size = int(np.prod(frames[0].shape)) * 4
        outputs = [Expected(folder / f"master_{kind}.fit", size, image=True)]
        self._run(template, folder, context, outputs, fresh, script=f"master_{kind}", **values)
        header = fits_io.read_header(folder / f"master_{kind}.fit")
        for card in ("DATE", "BZERO", "BSCALE"):  # with the date of creation no two masters would be equal
            header.pop(card, None)
        fits_io.write(target, fits_io.image_layout(folder / f"master_{kind}.fit").read(), header)
        logger.info("Master %s made from %d frames: %s", kind, len(frames), target)
        if context.cache is not None and key:
            context.cache.put_file("masters", key, target)
        return target

    def _calibrate_lights(
        self, session: Session, usable: list[FrameInfo], masters: dict[str, Path], context: RunContext, *, debayer: bool,
    ) -> tuple[Path, SirilRun]:  # fmt: skip
        folder = context.work / "siril" / "lights"
        settings = context.config.calibration
        scales = "dark" in masters and _scales(context, masters)
        used = {k: v for k, v in masters.items() if k in ("dark", "flat")}
        if "bias" in masters and ("dark" not in masters or scales):
            used["bias"] = masters["bias"]

        def fresh() -> None:
            stage(usable, empty_folder(folder), "light", context.check, work=context.work)
            stage_masters(used, folder)

        shape = (3, *session.shape) if debayer else session.shape
        numbers = range(1, len(usable) + 1)
        names = {k: f"master_{k}" if k in used else "" for k in ("bias", "dark", "flat")}
        level = _level(context, masters) if not names["dark"] or scales else None
        run = self._run(
            "calibrate", folder, context, expect_frames(folder, "pp_light", numbers, shape), fresh,
            **names, bias_level=level, scale_dark=scales, cosmetic=settings.cosmetic and len(session.shape) == 3,
            cold_sigma=settings.cold_sigma, hot_sigma=settings.hot_sigma, pattern=siril_pattern(session),
            equalize_cfa=settings.equalize_cfa, debayer=debayer)  # fmt: skip
        return folder, run

    def _debayer(self, source: Path, count: int, session: Session, context: RunContext) -> Path:
        """The folder of the colour frames debayered from the ``count`` mosaics in ``source``, which is removed."""
        folder, settings = context.work / "siril" / "colour", context.config.calibration

        def fresh() -> None:
            empty_folder(folder)
            for k in range(1, count + 1):
                link(source / safe_name("pp_light", k), folder / safe_name("light", k))

        expected = expect_frames(folder, "pp_light", range(1, count + 1), (3, *session.shape))
        self._run(
            "calibrate", folder, context, expected, fresh, script="debayer_lights", bias="", dark="", flat="", bias_level=None,
            scale_dark=False, cosmetic=False, cold_sigma=settings.cold_sigma, hot_sigma=settings.hot_sigma,
            pattern=siril_pattern(session), equalize_cfa=False, debayer=True)  # fmt: skip
        shutil.rmtree(source, ignore_errors=True)
        return folder

    def _export(
        self, result: FrameSet, numbers: list[int], reference: int, folder: Path, context: RunContext
    ) -> FrameSet:
        """Let Siril write the registered frames, which are then already on the canvas."""
        wanted = {n: k for k, n in enumerate(numbers, 1) if result.frames[n].matrix is not None}
        pixels = (3, *result.shape) if result.channels == 3 else result.shape

        def fresh() -> None:
            for old in folder.glob("r_pp_light_*"):
                old.unlink()

        self._run(
            "export", folder, context, expect_frames(folder, "r_pp_light", tuple(wanted.values()), pixels), fresh,
            reference=reference + 1,
            interpolation=INTERPOLATIONS[context.config.registration.interpolation])  # fmt: skip
        frames = tuple(
            _exported(frame, folder / safe_name("r_pp_light", wanted[frame.index]), result.shape)
            if frame.index in wanted else frame
            for frame in result.frames
        )
        return FrameSet(frames, result.reference, result.shape, result.cfa, result.channels, self.name, True)

    def _run(
        self, template: str, folder: Path, context: RunContext, expected: Sequence[Expected],
        fresh: Callable[[], None], script: str = "", **values: object,
    ) -> SirilRun:  # fmt: skip
        """Render one script, keep it, and run it in ``folder``."""
        context.check()
        name = "_".join(part for part in (context.night, context.group, script or template) if part)
        own = context.config.engine.siril.templates
        text = render(f"{template}.ssf.j2", own, threads=_threads(context), memory_gb=_memory(context), **values)
        path = write_script(context.scripts / f"{name}.ssf", text)

        def progress(message: str, share: float) -> None:
            context.events.progress(round(share * 1000), 1000, f"Siril, {name}: {message}".rstrip(": "))

        job = ScriptJob(path, folder, context.logs / f"siril_{name}.log", expected, fresh)
        return run_script(self.probe(context), job, timeout=context.config.engine.siril.timeout, cancel=context.cancel,
                          on_progress=progress)


def siril_pattern(session: Session) -> int | None:
    """The number of the CFA pattern for Siril, None for mono.

    Siril names the pattern from the top of the picture: for files with ROWORDER BOTTOM-UP that is the last row,
    and with an even height the two rows of the pattern are swapped.
    """
    if session.cfa is None:
        return None
    pattern = session.cfa
    if not session.lights[0].top_down and session.shape[-2] % 2 == 0:
        pattern = pattern[2:] + pattern[:2]
    return PATTERNS.index(pattern)


def _readers(folder: Path, count: int, bad: Path | None = None) -> list[SirilReader]:
    """Readers of the calibrated lights in ``folder``; ``bad`` is the map of the pixels that were replaced."""
    return [SirilReader(fits_io.image_layout(folder / safe_name("pp_light", k), scratch=True), bad) for k in range(1, count + 1)]


def _exported(frame: Frame, path: Path, shape: tuple[int, int]) -> Frame:
    """A frame on the canvas, of ``shape``, as Siril wrote it to ``path``."""
    blank = getattr(frame.reader, "blank", None)
    if blank is not None:
        blank = moved_no_data(blank, frame.transform, shape, path.with_suffix(".no_data.npz"))
    reader = SirilReader(fits_io.image_layout(path, scratch=True), blank=blank, saturation=frame.saturation)
    return replace(frame, reader=reader, matrix=np.eye(3), reason="")


def _exports(context: RunContext) -> bool:
    return context.config.engine.siril.output == "frames"


def _exports_colour(session: Session, context: RunContext) -> bool:
    """Whether Siril debayers: only when it writes registered frames, since a mosaic must not be interpolated."""
    return _exports(context) and session.cfa is not None


def _scales(context: RunContext, made: dict[str, Path]) -> bool:
    return context.config.calibration.dark_scaling and ("bias" in made or _level(context, made) is not None)


def _level(context: RunContext, made: dict[str, Path]) -> float | None:
    """The constant bias in ADU, None when there is a master bias or no such level."""
    return None if "bias" in made else context.config.calibration.synthetic_bias


def _threads(context: RunContext) -> int:
    """Threads for Siril, which refuses more than are available to it."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(context.workers, usable))


def _memory(context: RunContext) -> float:
    """Memory for Siril in GB; it accepts no less than 0.1."""
    return max(0.1, context.memory_budget / 2**30)


def _warnings(run: SirilRun, without_data: Sequence[float]) -> tuple[str, ...]:
    """Warnings of Siril about the calibration that concern the user, each once. Pixels ``without_data`` (shares of the lights)
    are 0 in the file and negative after the subtraction: the masters do not cause that."""
    found: dict[str, None] = {}
    for line in run.lines:
        if match := NEGATIVE_PIXELS.search(line):
            share = int(match[1]) / 100
            if not any(empty > 0 and abs(share - empty) <= NEGATIVE_ROUNDING for empty in without_data):
                found[f"Siril: {line.removeprefix('log: ')}"] = None
    return tuple(found)
