"""Real frames against Siril without and with ``-weight=wfwhm``: sharpness, depth, roundness, dips, repeatability.

    python -m tests.bench.real_sets FOLDER [--only NAME ...] [--siril siril-cli]

FOLDER holds the sets of ``SETS``, which are not committed. Each program stacks every other frame of a set, and the others: two
halves that share no noise. All figures are of green (or luminance), and of the same stars in every stack:

* FWHM (px) and roundness: medians of unsaturated stars with S/N above 20;
* elongation (px²): median of the difference of the squares of their axes (FWHM). Blur leaves it as it is, unlike the roundness;
* depth: median flux of these stars, divided by the scatter between the halves of the same apertures on 3000 places of the sky;
* repeatability (mmag): scatter of the bright stars (S/N above 50) between the halves;
* dips: darkest pixel at 1.5 to 6 px from bright stars, in sigma of a pixel, median and worst; of a hundred pixels of sky -2.5 on
  average.

The row "frames" has the medians of the frames themselves, of their green pixels alone: no right stack is narrower or rounder.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fixtures.judge import star_photometry
from orchestrator import RunConfig, run
from orchestrator.api.steps import read_frame
from tests.quality.test_dips import dips
from tilecore.cfa.mosaic import green as mosaic_green
from tilecore.detect.stars import detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

Plane = NDArray[np.float32]
# Pattern of the frames of a set, and the CFA options of Siril.
SETS = {"osc_asi224_m27": ("*.fit*", "-cfa -debayer"), "seestar_s50_m94": ("*.fit*", "-cfa -debayer"),
        "mono_lrgb_m8": ("light_L*.fit", "")}
SCRIPT = """requires 1.4.0
link light -out=process
cd process
calibrate light {cfa}
register pp_light -2pass
seqapplyreg pp_light
stack r_pp_light rej w 3 3 -norm=addscale {weight} -32b -out=../siril_stack
"""
PROGRAMS = ("orchestrate", "Siril", "Siril, wfwhm")
GOOD, BRIGHT = 20.0, 50.0
RADIUS = 4.0
PLACES = 3000
NEAR = 1.5


class Row(NamedTuple):
    """Figures of one program for one set."""

    fwhm: float
    roundness: float
    elongation: float
    depth: float
    repeatability: float
    dips: float
    worst_dip: float


def green(path: Path) -> Plane:
    """The green plane of a stack."""
    data = fits.getdata(path).astype(np.float32)
    plane = data[1] if data.ndim == 3 else data
    return np.ascontiguousarray(plane)


def stack(program: str, frames: list[Path], cfa: str, folder: Path, siril: str) -> Plane:
    """The stack of some frames by one program."""
    folder.mkdir(parents=True)
    lights = folder / "lights"
    lights.mkdir()
    for number, frame in enumerate(frames):
        (lights / f"frame_{number:03}.fit").symlink_to(frame)
    if program == "orchestrate":
        config = RunConfig.model_validate({"engine": {"name": "native"}, "bge": {"enabled": False}, "pcc": {"enabled": False},
                                           "output": {"preview": False, "report": False}, "astrometry": {"solver": "none"},
                                           "input": {"min_frames": 2}})
        result = run(lights, config, runs_dir=folder, run_id="run")
        if result.error is not None:
            raise result.error
        return green(result.products.get("stacked_rgb") or result.products["stacked"])
    (folder / "siril.ini").write_text("")
    weight = "-weight=wfwhm" if program.endswith("wfwhm") else ""
    (folder / "stack.ssf").write_text(SCRIPT.format(cfa=cfa, weight=weight))
    done = subprocess.run([siril, "-i", str(folder / "siril.ini"), "-d", str(lights), "-s", str(folder / "stack.ssf")],
                          capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"Siril failed in {folder}:\n{done.stdout[-2000:]}")
    return green(lights / "siril_stack.fit")


def located(plane: Plane, known: NDArray[np.void]) -> tuple[NDArray[np.void], NDArray[np.float64]]:
    """The stars of a stack that belong to ``known`` ones, in their order, with NaN for those that are missing; and the transform
    (3, 3) to the stack."""
    stars = np.sort(detect(plane), order="flux")[::-1]
    found = align.match(np.sort(known, order="flux")[::-1], stars, "affine", align.Limits(max_residual=2.0))
    distance, index = cKDTree(align.positions(stars)).query(align.apply(found.matrix, align.positions(known)))
    out = stars[index].copy()
    out["x"][distance > NEAR] = np.nan
    return out, found.matrix


def sky_noise(planes: tuple[Plane, Plane], matrices: list[NDArray[np.float64]], ratio: float) -> float:
    """Scatter of the fluxes of apertures on the sky of the first half stack that is not common to the second."""
    shape = planes[0].shape
    places = np.random.default_rng(0).uniform(0, 1, (PLACES, 2)) * (shape[1], shape[0])
    fluxes = []
    for plane, matrix in zip(planes, matrices, strict=True):
        x, y = align.apply(matrix, places).T
        inside = (x > 18) & (y > 18) & (x < plane.shape[1] - 19) & (y < plane.shape[0] - 19)
        flux = np.full(PLACES, np.nan)
        flux[inside] = star_photometry(plane, x[inside], y[inside], RADIUS)
        fluxes.append(flux)
    difference = fluxes[0] - ratio * fluxes[1]
    return mad_sigma(difference[np.isfinite(difference)]) / np.sqrt(2)


def measure(first: Plane, second: Plane, known: NDArray[np.void]) -> Row:
    """Figures of two half stacks for the stars ``known``, whose S/N decides which of them are used."""
    found = [located(p, known) for p in (first, second)]
    halves = [(p, stars) for p, (stars, _) in zip((first, second), found, strict=True)]
    inside = [np.isfinite(s["x"]) & (s["x"] > 18) & (s["y"] > 18) & (s["x"] < p.shape[1] - 19) & (s["y"] < p.shape[0] - 19)
              for p, s in halves]
    use = inside[0] & inside[1] & ~known["saturated"]
    fluxes = []
    for plane, stars in halves:
        fluxes.append(star_photometry(plane, stars["x"][use], stars["y"][use], RADIUS))
    snr = known["snr"][use]
    good, bright = snr > GOOD, snr > BRIGHT
    ratio = float(np.median(fluxes[0][good] / fluxes[1][good]))
    noise = sky_noise((first, second), [matrix for _, matrix in found], ratio)
    magnitudes = -2500 * np.log10(fluxes[0][bright] / fluxes[1][bright])
    shapes = [s[use & (known["snr"] > GOOD)] for _, s in halves]
    deep = []
    for plane, stars in halves:
        ours = stars[use & (known["snr"] > BRIGHT)]
        deep.append(dips(plane.astype(np.float64), ours["x"], ours["y"], mad_sigma(plane) or 1.0))
    depths = np.concatenate(deep)
    return Row(*shape_of(np.concatenate(shapes)), float(np.median(fluxes[0][good]) / noise),
               float(mad_sigma(magnitudes)) / np.sqrt(2), float(np.median(depths)), float(depths.min()))


def shape_of(stars: NDArray[np.void]) -> tuple[float, float, float]:
    """Median FWHM (px), roundness, and difference of the squares of the axes (px²) of stars."""
    fwhm, ratio = stars["fwhm"], stars["roundness"]
    return float(np.median(fwhm)), float(np.median(ratio)), float(np.median(fwhm**2 * (1 / ratio - ratio)))


def shape_of_frames(frames: list[Path], known: NDArray[np.void]) -> tuple[float, float, float]:
    """:func:`shape_of` the stars ``known`` with S/N above 20 in the frames, the median of the frames."""
    shapes = []
    for frame in frames:
        data, header = read_frame(frame)
        cfa = str(header["BAYERPAT"]).strip() if "BAYERPAT" in header else None
        image = data if cfa is None else mosaic_green(data, cfa)
        stars = detect(image, mosaic=data if cfa else None, cfa=cfa)
        distance, index = cKDTree(align.positions(stars)).query(align.apply(
            align.match(np.sort(known, order="flux")[::-1], stars, "affine", align.Limits(max_residual=2.0)).matrix,
            align.positions(known[~known["saturated"] & (known["snr"] > GOOD)])))
        shapes.append(shape_of(stars[index[distance < NEAR]]))
    fwhm, ratio, elongation = np.median(shapes, axis=0)
    return float(fwhm), float(ratio), float(elongation)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=list(SETS))
    parser.add_argument("--siril", default="siril-cli")
    given = parser.parse_args()
    print("| set | stack | FWHM (px) | roundness | elongation (px²) | depth | repeatability (mmag) | dips, worst (sigma) |\n"
          "|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as work:
        for name in given.only:
            pattern, cfa = SETS[name]
            frames = sorted((given.folder / name).glob(pattern))
            halves = {p: [stack(p, frames[k::2], cfa, Path(work) / name / p.replace(" ", "_") / str(k), given.siril)
                          for k in (0, 1)] for p in PROGRAMS}
            known = detect(halves[PROGRAMS[0]][0])
            for program, (first, second) in halves.items():
                row = measure(first, second, known)
                print(f"| {name} | {program} | {row.fwhm:.2f} | {row.roundness:.2f} | {row.elongation:.2f} | {row.depth:.1f} | "
                      f"{row.repeatability:.1f} | {row.dips:.1f}, {row.worst_dip:.1f} |", flush=True)
            fwhm, ratio, elongation = shape_of_frames(frames, known)
            print(f"| {name} | frames | {fwhm:.2f} | {ratio:.2f} | {elongation:.2f} | | | |", flush=True)


if __name__ == "__main__":
    main()
