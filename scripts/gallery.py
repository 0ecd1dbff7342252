"""Writes docs/GALLERY.md and its pictures from simulated sessions: `python scripts/gallery.py [NAME ...]`, about two minutes.

Each picture shows two images side by side, both stretched in the same way. The sky and the faults are known, since they are
simulated; the processing is that of a run.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from orchestrator import RunConfig, run
from orchestrator.api.before_after import before_and_after
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.report.preview import Look, develop
from orchestrator.simulation import PRESETS, SimulationConfig, simulate
from tilecore.cfa import mosaic as cfa

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = "images"
# Pixels of one half, (width, height), between two halves, and the largest file that belongs into the repository.
HALF = (420, 300)
GAP = 6
LARGEST = 150_000
QUALITY = 82

SKY = replace(PRESETS["demo"], width=480, height=344, n_frames=12, n_stars=200, trails=0, sky_gradient=0.0, seeing_max=3.2,
              seeing_field_variation=0.0, cosmic_rays=2)
# Settings of all runs: nothing depends on the programs that are installed.
COMMON = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "output": {"report": False},
          "runtime": {"keep_arrays": True, "cache": False}}


@dataclass(frozen=True)
class Half:
    """One image: a session, the settings of its run, and what of it is shown: a product, ``frame`` (the first light),
    ``plain mean``, or ``linear`` (the stack without a stretch). ``middle``: only the middle, at twice the size."""

    session: SimulationConfig
    shown: str = "stacked_rgb_pcc.fits"
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict, hash=False, compare=False)
    name: str = "default"  # of the settings
    without: tuple[str, ...] = ()  # folders that are not used
    middle: bool = False
    linked: bool = True  # one stretch for all channels, which shows their colours


@dataclass(frozen=True)
class Scene:
    """A picture of the gallery with what is to the left and to the right. ``fault``: it belongs to LOOKS_LIKE.md."""

    title: str
    left: str
    right: str
    halves: tuple[Half, Half]
    fault: bool = False


def changed(name: str, session: SimulationConfig, shown: str = "stacked_rgb_pcc.fits", *, middle: bool = False,
            without: tuple[str, ...] = (), **settings: Mapping[str, object]) -> Half:
    return Half(session, shown, settings, name, without, middle)


MONO = replace(PRESETS["mono_seeing"], width=480, height=344, n_frames=16, n_stars=220, n_bias=4, n_dark=4, n_flat=4, trails=0,
               seeing_max=6.0, seeing_field_variation=0.35)
GRADIENT = replace(SKY, sky_gradient=0.45)
TRAILS = replace(SKY, trails=3, trail_brightness=1500.0)
DUSTY = replace(SKY, vignetting=0.45, dust=9)
WARM = replace(SKY, warm_pixels=9000, warm_median=150.0, hot_pixels=400, drift=14.0, dither=0.0, rotation=0.0)
TURNED = replace(SKY, rotation=14.0, drift=40.0)
SOFT = replace(SKY, seeing_min=6.0, seeing_max=7.0)
PANELS = replace(SKY, panels=((-170.0, 0.0), (170.0, 0.0)), n_frames=16, rotation=0.0)
DARKS = ("darks", "darkflats")

SCENES = {
    "frame_and_stack": Scene("One frame and the stack", "one raw frame of 60 s", "the stack of 12 frames",
                             (Half(SKY, "frame"), Half(SKY))),
    "local_weights": Scene("Seeing that varies over the field and during the night", "the plain mean of 16 frames",
                           "proper co-addition, with weights of each tile: `--set reconstruction.method=proper`",
                           (changed("proper", MONO, "plain mean", middle=True, reconstruction={"method": "proper"}),
                            changed("proper", MONO, "stacked.fits", middle=True, reconstruction={"method": "proper"}))),
    "gradient": Scene("Moonlight", "the stack with the gradient of the sky", "the `_bge` file, without it",
                      (Half(GRADIENT, "stacked_rgb.fits", linked=False),
                       Half(GRADIENT, "stacked_rgb_bge.fits", linked=False)), fault=True),
    "colour": Scene("Colours", "as the camera records them: green", "the `_pcc` file: white stars are white",
                    (Half(SKY, "stacked_rgb.fits"), Half(SKY)), fault=True),
    "trails": Scene("Satellites", "without rejection: `--set stacking.rejection=none`", "rejected over their full width",
                    (changed("none", TRAILS, stacking={"rejection": "none", "trails": False}), Half(TRAILS)), fault=True),
    "flats": Scene("Vignetting and dust", "without flats", "with flats",
                   (changed("no_flats", DUSTY, without=("flats",), bge={"enabled": False}),
                    changed("no_bge", DUSTY, bge={"enabled": False})), fault=True),
    "warm_pixels": Scene("Warm pixels of a drifting, undithered session without darks",
                         "`--set calibration.fixed_pattern=none`", "the pattern is derived from the lights, the default",
                         (changed("none", WARM, without=DARKS, middle=True, calibration={"fixed_pattern": "none"}),
                          changed("auto", WARM, without=DARKS, middle=True)), fault=True),
    "rim": Scene("A field that rotated", "`--set canvas.extent=union --set canvas.crop=none`", "cropped, the default",
                 (changed("union", TURNED, canvas={"extent": "union", "crop": "none"}), Half(TURNED)), fault=True),
    "pattern": Scene("A wrong CFA pattern", "`--set input.bayer_pattern=GRBG` for a camera that has RGGB", "the right pattern",
                     (changed("wrong", SKY, "stacked_rgb.fits", middle=True, input={"bayer_pattern": "GRBG"}),
                      Half(SKY, "stacked_rgb.fits", middle=True)), fault=True),
    "focus": Scene("Focus", "stars of 6 to 7 px in all frames", "stars of 2.4 to 3.2 px",
                   (Half(SOFT, middle=True), Half(SKY, middle=True)), fault=True),
    "linear": Scene("A linear image", "shown without a stretch", "the same image, stretched",
                    (Half(SKY, "linear"), Half(SKY)), fault=True),
    "mosaic": Scene("A mosaic", "one raw frame of one of its two panels", "the mosaic",
                    (Half(PANELS, "frame"), Half(PANELS))),
}


def main(names: list[str]) -> None:
    unknown = [n for n in names if n not in SCENES]
    if unknown:
        raise SystemExit(f"{unknown[0]} is not a picture of the gallery. Choose from {', '.join(SCENES)}.")
    (DOCS / FOLDER).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or SCENES:
            path = DOCS / FOLDER / f"{name}.jpg"
            beside([picture(half, Path(scratch)) for half in SCENES[name].halves]).save(path, quality=QUALITY, optimize=True)
            size = path.stat().st_size
            print(f"{path}  {size / 1000:.0f} kB")
            if size > LARGEST:
                raise SystemExit(f"{path} is larger than {LARGEST / 1000:.0f} kB: reduce HALF or QUALITY.")
    (DOCS / "GALLERY.md").write_text(page(), encoding="utf-8")


def page() -> str:
    parts = ["# Gallery\n\nSimulated sessions, stacked by this program; `python scripts/gallery.py` makes the pictures and "
             "this page. The two halves of a picture have the same stretch. Faults and their remedies are in "
             "[LOOKS_LIKE.md](LOOKS_LIKE.md).\n"]
    for name, scene in SCENES.items():
        parts.append(f"## {scene.title}\n\nLeft: {scene.left}. Right: {scene.right}.\n\n"
                     f"![{scene.title}]({FOLDER}/{name}.jpg)\n")
    return "\n".join(parts)


def picture(half: Half, scratch: Path) -> NDArray[np.uint8]:
    """The image of one half, (h, w, 3)."""
    directory = stacked(half, scratch)
    if half.shown == "plain mean":
        found = before_and_after(directory)[0]
    elif half.shown == "linear":
        image = fits_io.image_layout(directory / "outputs" / "stacked_rgb_pcc.fits").read()
        found = np.rint(255 * np.moveaxis(np.clip(image, 0, 1), 0, -1)).astype(np.uint8)
    elif half.shown == "frame":
        found = shown(first_light(half, scratch))
    elif half.shown == "stacked.fits":
        found = before_and_after(directory)[1]
    else:
        found = shown(fits_io.image_layout(directory / "outputs" / half.shown).read(), half.linked)
    if half.middle:
        (h, w), (half_w, half_h) = found.shape[:2], (HALF[0] // 4, HALF[1] // 4)
        found = found[h // 2 - half_h: h // 2 + half_h, w // 2 - half_w: w // 2 + half_w]
    return found if found.ndim == 3 else np.repeat(found[..., None], 3, axis=2)


def shown(image: NDArray[np.float32], linked: bool = True) -> NDArray[np.uint8]:
    """A linear image with the stretch of previews."""
    pixels = np.rint(255 * develop(image, Look(linked=linked))).astype(np.uint8)
    return np.moveaxis(pixels, 0, -1) if pixels.ndim == 3 else pixels


def first_light(half: Half, scratch: Path) -> NDArray[np.float32]:
    """The first light in colour, at half the size."""
    path = sorted((written(half.session, scratch) / "lights").iterdir())[0]
    with frame_files.opened(path) as frame:
        raw = frame.read()
    assert half.session.pattern is not None
    return np.asarray(cfa.superpixel(raw, half.session.pattern), np.float32)


@cache
def written(config: SimulationConfig, scratch: Path) -> Path:
    folder = scratch / f"session{written.cache_info().misses}"
    simulate(config, folder)
    return folder


def stacked(half: Half, scratch: Path) -> Path:
    """The directory of the run, which is the same whatever of it is shown."""
    return _run(replace(half, shown="", middle=False, linked=True), scratch)


@cache
def _run(half: Half, scratch: Path) -> Path:
    folder = written(half.session, scratch)
    settings = {key: {**COMMON.get(key, {}), **half.settings.get(key, {})} for key in {*COMMON, *half.settings}}
    hidden = [(folder / name, scratch / name) for name in half.without]
    for inside, outside in hidden:
        inside.rename(outside)
    try:
        result = run(folder, RunConfig.model_validate(settings), runs_dir=scratch / "runs",
                     run_id=f"run{_run.cache_info().misses}")
    finally:
        for inside, outside in hidden:
            outside.rename(inside)
    if result.error is not None:
        raise result.error
    return result.directory


def beside(halves: list[NDArray[np.uint8]]) -> Image.Image:
    """Two pictures side by side, each fitted into the size of a half."""
    sheet = Image.new("RGB", (2 * HALF[0] + GAP, HALF[1]), "grey")
    for number, pixels in enumerate(halves):
        image = Image.fromarray(pixels)
        scale = min(HALF[0] / image.width, HALF[1] / image.height)
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
        place = number * (HALF[0] + GAP) + (HALF[0] - image.width) // 2
        sheet.paste(image, (place, (HALF[1] - image.height) // 2))
    return sheet


if __name__ == "__main__":
    main(sys.argv[1:])
