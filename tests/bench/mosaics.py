"""Mosaics by this program and by its peers, from the same simulated frames: the table of docs/STACKING.md.

    python tests/bench/mosaics.py [CASE ...]

SWarp (Debian package swarp) and reproject (PyPI) get frames without pedestal, with their true WCS and the true transparencies,
which this program does not know; Siril gets the same frames with their pointing and a catalog of the true stars. A peer that is
not installed ends the script with its name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from fixtures.mosaic_judge import Judgement, judge, judge_run
from fixtures.mosaics import Mosaic, MosaicTruth, shoot
from orchestrator import RunConfig, run
from orchestrator.catalogs.siril import write_catalog
from orchestrator.catalogs.stars import StarTable

Array = NDArray[np.float64]
CASES = {
    "mono, 2 x 2": Mosaic(depth=6, seed=41),
    "mono, 3 x 3, lens 0.4 %": Mosaic(across=3, down=3, depth=4, scale=10.0, shape=(300, 450), distortion=0.004, density=250.0,
                                      center=(200.0, 55.0), seed=42),
    "colour, focus drift in blue": Mosaic(depth=8, seed=43, cfa="GRBG", fwhm=(3.3, 2.8, 3.0), drift=2.4),
}
SIRIL = """requires 1.4.0
set core.catalogue_gaia_astro={catalog}
cd frames
link light -out=../process
cd ../process
seqplatesolve light -catalog=localgaia -order=3 -force
seqapplyreg light -framing=max
stack r_light rej w 3 3 -norm=addscale -overlap_norm -feather=30 -maximize -32b -out=../stack
"""


def ours(truth: MosaicTruth, folder: Path) -> Judgement:
    config = RunConfig.model_validate({"astrometry": {"solver": "none"}, "engine": {"name": "native"},
                                       "output": {"report": False, "preview": False}})
    result = run(truth.shots[0].path.parent, config, runs_dir=folder)
    assert result.error is None, result.error
    return judge_run(result, truth)


def swarp(truth: MosaicTruth, folder: Path) -> Judgement:
    """A plane for each colour: Lanczos-3, SWarp's own subtraction of the background, weighted mean."""
    planes: list[Array] = []
    for k in range(len(truth.channels)):
        names = []
        for n, shot in enumerate(truth.shots):
            name = folder / f"c{k}_{n:03d}.fits"
            header = _with_tpv(shot.wcs)
            header["FLXSCALE"] = 1 / shot.transparency
            fits.writeto(name, frame_of(truth, n)[k].astype(np.float32), header)
            names.append(str(name))
        plane = folder / f"plane{k}.fits"
        size = f"{truth.mosaic.across * truth.mosaic.shape[1]},{truth.mosaic.down * truth.mosaic.shape[0]}"
        settings = {"IMAGEOUT_NAME": plane, "WEIGHTOUT_NAME": folder / "weight.fits", "COMBINE_TYPE": "AVERAGE", "BACK_SIZE": 128,
                    "FSCALASTRO_TYPE": "NONE", "RESAMPLE_DIR": folder, "VERBOSE_TYPE": "QUIET", "CENTER_TYPE": "MANUAL",
                    "CENTER": "{},{}".format(*truth.mosaic.center), "PIXELSCALE_TYPE": "MANUAL",
                    "PIXEL_SCALE": truth.mosaic.scale, "IMAGE_SIZE": size, "PROJECTION_TYPE": "TAN", "WRITE_XML": "N"}
        _done(["SWarp", *names, *(w for key, value in settings.items() for w in (f"-{key}", str(value)))], folder)
        planes.append(fits.getdata(plane).astype(np.float64))
    return judge(np.array(planes), truth, _by(WCS(fits.getheader(plane))))


def coadded_by_reproject(truth: MosaicTruth, folder: Path) -> Judgement:
    """Bicubic interpolation, backgrounds matched by one level for each frame, plain mean."""
    from reproject import reproject_interp
    from reproject.mosaicking import reproject_and_coadd

    shape = (truth.mosaic.down * truth.mosaic.shape[0], truth.mosaic.across * truth.mosaic.shape[1])
    target = truth.plane()
    target.wcs.crpix = [(shape[1] + 1) / 2, (shape[0] + 1) / 2]
    target.wcs.cd = target.wcs.cd * truth.mosaic.scale / 3600
    planes = []
    for k in range(len(truth.channels)):
        data = [(frame_of(truth, n)[k] / s.transparency, s.wcs) for n, s in enumerate(truth.shots)]
        found, seen = reproject_and_coadd(data, target, shape_out=shape, reproject_function=reproject_interp, order="bicubic",
                                          match_background=True)
        planes.append(np.where(seen > 0, found, np.nan))
    return judge(np.array(planes), truth, _by(target))


def siril(truth: MosaicTruth, folder: Path) -> Judgement:
    (folder / "frames").mkdir()
    for n, shot in enumerate(truth.shots):
        pixels = frame_of(truth, n)
        header = fits.Header()
        header["RA"], header["DEC"] = (float(c) for c in shot.wcs.wcs.crval)
        header["EXPTIME"], header["FOCALLEN"], header["XPIXSZ"] = 10.0, 3.75 * 206.265 / truth.mosaic.scale, 3.75
        fits.writeto(folder / "frames" / f"{n:04d}.fit", (np.squeeze(pixels) / 65535).astype(np.float32), header)
    script = folder / "mosaic.ssf"
    stars = StarTable.make(truth.ra, truth.dec, 18 - 2.5 * np.log10(truth.flux[1] / truth.mosaic.faintest))
    write_catalog(stars, folder / "stars.dat")
    script.write_text(SIRIL.format(catalog=folder / "stars.dat"))
    _done(["siril-cli", "-d", str(folder), "-s", str(script)], folder)
    pixels = np.squeeze(fits.getdata(folder / "stack.fit")).astype(np.float64) * 65535
    return judge(pixels.reshape(-1, *pixels.shape[-2:]), truth, _by(WCS(fits.getheader(folder / "stack.fit"), naxis=2)))


PROGRAMS: dict[str, Callable[[MosaicTruth, Path], Judgement]] = {
    "this program": ours, "SWarp, true WCS": swarp, "reproject, true WCS": coadded_by_reproject, "Siril, true catalog": siril}


def frame_of(truth: MosaicTruth, number: int) -> Array:
    """(C, h, w) a frame without pedestal; of a colour camera demosaiced by OpenCV (bilinear)."""
    path = truth.shots[number].path
    pixels = fits.getdata(path.parent.parent / "calibrated" / path.name)
    if truth.mosaic.cfa is None:
        return np.asarray(pixels[None], np.float64)
    # OpenCV names a pattern by its second row and column.
    code = {"RGGB": cv2.COLOR_BayerBG2RGB, "GRBG": cv2.COLOR_BayerGB2RGB, "GBRG": cv2.COLOR_BayerGR2RGB,
            "BGGR": cv2.COLOR_BayerRG2RGB}[truth.mosaic.cfa]
    rgb = cv2.demosaicing(np.clip(pixels + 1000, 0, 65535).round().astype(np.uint16), code)
    return np.asarray(np.moveaxis(rgb, -1, 0).astype(np.float64) - 1000)


def _with_tpv(wcs: WCS) -> fits.Header:
    """The header with the radial distortion of third order as TPV, because SWarp does not know SIP."""
    header = wcs.to_header(relax=True)
    if wcs.sip is None:
        return header
    factor = wcs.sip.a[3, 0] / abs(float(np.linalg.det(wcs.wcs.cd)))
    for key in [k for k in header if k.startswith(("A_", "B_", "AP_", "BP_"))]:
        del header[key]
    header["CTYPE1"], header["CTYPE2"] = "RA---TPV", "DEC--TPV"
    for axis in (1, 2):
        header[f"PV{axis}_1"], header[f"PV{axis}_7"], header[f"PV{axis}_9"] = 1.0, factor, factor
    return header


def _by(wcs: WCS) -> Callable[[Array, Array], tuple[Array, Array]]:
    def place(ra: Array, dec: Array) -> tuple[Array, Array]:
        x, y = wcs.celestial.wcs_world2pix(ra, dec, 0)
        return x, y
    return place


def _done(command: list[str], folder: Path) -> None:
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stdout[-3000:]}{done.stderr[-2000:]}")


def main(names: list[str]) -> None:
    print("| frames | program | position p95 / max (px) | panels, rms (mmag) | steps, rms / max (sigma) | along a border "
          "| chroma |\n|---|---|---|---|---|---|---|")
    for name in names or list(CASES):
        with tempfile.TemporaryDirectory() as scratch:
            base = Path(scratch)
            truth = shoot(CASES[name], base / "session", calibrated=base / "calibrated")
            for program, make in PROGRAMS.items():
                folder = base / program.split(",")[0].replace(" ", "_")
                folder.mkdir()
                found = make(truth, folder)
                chroma = f"{found.chroma:.2f}" if np.isfinite(found.chroma) else "–"
                position = f"{found.position[0]:.3f} / {found.position[1]:.3f}"
                print(f"| {name} | {program} | {position} | {_row(found.panel_rms, 1)} | {_row(found.steps[:, 0], 2)} / "
                      f"{_row(found.steps[:, 1], 2)} | {_row(found.slope, 2)} | {chroma} |", flush=True)


def _row(values: Array, digits: int) -> str:
    return ", ".join(f"{v:.{digits}f}" for v in values)


if __name__ == "__main__":
    main(sys.argv[1:])
