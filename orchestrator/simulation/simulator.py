"""Write a simulated session to disk as a capture program would, together with its ground truth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import ConfigError
from orchestrator.io.raw_guard import raw_folder_of
from orchestrator.simulation.camera import Camera, add_cosmic_rays, expose, light_signal, make_camera
from orchestrator.simulation.config import GAP, SimulationConfig, header_pattern
from orchestrator.simulation.scene import Nebula, make_nebula, plan
from orchestrator.simulation.truth import SimulationTruth, save_truth

__all__ = ["frame_header", "raw_light", "simulate"]

WORKERS = 2  # frames made in parallel; more only costs memory
FOLDERS = {"light": "lights", "dark": "darks", "flat": "flats", "bias": "biases", "darkflat": "darkflats"}
IMAGE_TYPES = {"light": "Light", "dark": "Dark", "flat": "Flat", "bias": "Bias", "darkflat": "DarkFlat"}


def frame_header(config: SimulationConfig, role: str, i: int, exposure: float) -> fits.Header:
    """Return the cards that a capture program writes for frame ``i`` of a role."""
    header = fits.Header()
    header["IMAGETYP"] = (IMAGE_TYPES[role], "Type of image")
    header["EXPTIME"] = (exposure, "[s] Exposure time")
    started = config.start + timedelta(seconds=i * (config.exposure + GAP))
    if role != "light":
        order = list(FOLDERS).index(role)
        started = config.start + timedelta(hours=10 + order, seconds=i * (exposure + GAP))
    header["DATE-OBS"] = (started.replace(tzinfo=None).isoformat(timespec="milliseconds"), "UTC start of exposure")
    header["XBINNING"], header["YBINNING"] = 1, 1
    header["GAIN"] = (config.header_gain, "Gain setting")
    header["OFFSET"] = (config.header_offset, "Offset setting")
    header["EGAIN"] = (config.gain, "[e-/ADU] Electrons per ADU")
    header["XPIXSZ"] = (config.pixel_size, "[um] Pixel size")
    header["YPIXSZ"] = (config.pixel_size, "[um] Pixel size")
    header["INSTRUME"] = config.camera
    header["SET-TEMP"] = config.temperature
    header["CCD-TEMP"] = (config.temperature, "[degC] Sensor temperature")
    header["TELESCOP"] = config.telescope
    header["FOCALLEN"] = (config.focal_length, "[mm] Focal length")
    if config.filter_name is not None and role in ("light", "flat"):
        header["FILTER"] = config.filter_name
    if role == "light":
        header["OBJECT"] = config.object_name
        header["RA"] = (config.ra, "[deg] RA of the telescope")
        header["DEC"] = (config.dec, "[deg] Dec of the telescope")
    if config.pattern is not None:
        header["BAYERPAT"] = header_pattern(config.pattern, config.row_order, config.height)
        header["XBAYROFF"], header["YBAYROFF"] = 0, 0
    if config.row_order is not None:
        header["ROWORDER"] = config.row_order
    return header


def raw_light(truth: SimulationTruth, camera: Camera, nebula: Nebula, i: int) -> NDArray[np.uint16]:
    """Return light ``i`` as the camera reads it out."""
    config = truth.config
    rays = np.zeros((config.height, config.width))
    add_cosmic_rays(rays, config, i)
    signal = light_signal(truth, i, nebula)
    return expose(camera, config, signal, config.exposure, np.random.default_rng([config.noise_seed, 0, i]), rays)


def _calibration_frame(camera: Camera, config: SimulationConfig, role: str, i: int) -> NDArray[np.uint16]:
    rng = np.random.default_rng([config.calibration_noise_seed, 1 + list(FOLDERS).index(role), i])
    signal = config.flat_level * camera.flat_colour if role == "flat" else None
    return expose(camera, config, signal, _exposure(config, role), rng)


def _exposure(config: SimulationConfig, role: str) -> float:
    if role in ("light", "dark"):
        return config.exposure
    return 0.0 if role == "bias" else config.flat_exposure


def simulate(config: SimulationConfig, directory: Path | str) -> SimulationTruth:
    """Write a session into ``directory`` and return its truth.

    Raw 16-bit FITS are in ``lights/``, ``darks/``, ``flats/``, ``biases/`` and ``darkflats/`` (only those with frames),
    the truth in ``truth/truth.json``. Files of the same name are overwritten; the folder is created if it is missing.

    Raises
    ------
    ConfigError : the folder contains frames that were not simulated.
    """
    directory = Path(directory)
    _keep_real_frames(directory)
    truth = plan(config)
    camera, nebula = make_camera(truth), make_nebula(config)
    counts = {
        "light": config.n_frames, "dark": config.n_dark, "flat": config.n_flat, "bias": config.n_bias,
        "darkflat": config.n_darkflat,
    }  # fmt: skip

    def write(job: tuple[str, int]) -> None:
        role, i = job
        light = role == "light"
        data = raw_light(truth, camera, nebula, i) if light else _calibration_frame(camera, config, role, i)
        path = directory / FOLDERS[role] / f"{role}_{i + 1:05d}.fit"
        fits.writeto(path, data, frame_header(config, role, i, _exposure(config, role)), overwrite=True)

    for role, count in counts.items():
        if count:
            (directory / FOLDERS[role]).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(write, [(role, i) for role, count in counts.items() for i in range(count)]))
    save_truth(truth, directory)
    return truth


def _keep_real_frames(directory: Path) -> None:
    raw = next((f for f in (directory, *(directory / name for name in FOLDERS.values())) if raw_folder_of(f.resolve())), None)
    if raw is not None and not (directory / "truth").is_dir():
        raise ConfigError(f"{raw} is a folder of raw frames.", "Choose a new folder for the simulated session.")
