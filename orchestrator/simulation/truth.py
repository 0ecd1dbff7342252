"""Ground truth of a simulated session: geometry, transparency, sky, seeing, stars, trails and bad pixels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.simulation.config import GAP, SimulationConfig
from orchestrator.simulation.psf import GAUSSIAN, MOFFAT, StarProfile, psf_peak, psf_stamp

__all__ = ["SimulationTruth", "load_truth", "round_profile", "save_truth", "transform_points"]

TRUTH_FILE = Path("truth") / "truth.json"
Array = NDArray[np.float64]


def round_profile(config: SimulationConfig) -> StarProfile:
    """Return the profile of the stars of a session, without ellipticity."""
    return StarProfile(MOFFAT if config.psf == "moffat" else GAUSSIAN, config.moffat_beta)


def transform_points(matrix: ArrayLike, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return the points mapped by a 3x3 transform."""
    m = np.asarray(matrix, np.float64)
    px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
    w = m[2, 0] * px + m[2, 1] * py + m[2, 2]
    return (m[0, 0] * px + m[0, 1] * py + m[0, 2]) / w, (m[1, 0] * px + m[1, 1] * py + m[1, 2]) / w


def field_terms(x: ArrayLike, y: ArrayLike, width: int, height: int) -> Array:
    """Return u, v, uv, u², v² of positions scaled to -1..1 over the frame; shape (..., 5)."""
    u = 2 * np.asarray(x, np.float64) / (width - 1) - 1
    v = 2 * np.asarray(y, np.float64) / (height - 1) - 1
    return np.stack([u, v, u * v, u * u, v * v], axis=-1)


@dataclass(frozen=True, eq=False)
class SimulationTruth:
    """Ground truth of a session with n lights, s stars and C channels (1 or 3).

    ``matrices`` (n, 3, 3) map frame pixels to scene coordinates; ``transparency``, ``sky`` (ADU at the centre),
    ``fwhm`` (pixels, at the centre of the variation) are (n,); ``sky_slope`` (n, 2) is the relative change of the sky
    from the centre to the right and to the last row; ``fwhm_terms`` (n, 6) are the coefficients of 1, u, v, uv, u², v² of
    the relative change of the FWHM. ``psf_angle`` (n,) is the direction of the long axis in radians. ``star_x``,
    ``star_y`` (s,) are scene coordinates, ``star_flux`` (s, C) ADU at transparency 1 where the vignetting is 1.
    ``trails`` are (frame, x0, y0, x1, y1, peak ADU) in frame pixels. ``hot`` is (h, 3): x, y,
    ADU in a light, ``warm`` likewise; ``cold`` (c, 3): x, y, sensitivity; ``lights`` are the file names.
    """

    config: SimulationConfig
    matrices: Array
    transparency: Array
    sky: Array
    sky_slope: Array
    fwhm: Array
    fwhm_terms: Array
    psf_angle: Array
    star_x: Array
    star_y: Array
    star_flux: Array
    trails: Array
    hot: Array
    cold: Array
    lights: tuple[str, ...] = ()
    warm: Array = field(default_factory=lambda: np.zeros((0, 3)))

    @property
    def n_frames(self) -> int:
        return len(self.matrices)

    def matrix(self, i: int, reference: int) -> Array:
        """Return the exact 3x3 transform from frame ``i`` to frame ``reference``."""
        m = np.linalg.inv(self.matrices[reference]) @ self.matrices[i]
        return np.asarray(m / m[2, 2])

    def stars_in(self, i: int) -> tuple[Array, Array]:
        """Return the positions (x, y) of the stars in pixels of frame ``i``."""
        return transform_points(np.linalg.inv(self.matrices[i]), self.star_x, self.star_y)

    def seconds(self, i: int, part: float = 0.5) -> float:
        """Return the time of a ``part`` of the exposure of frame ``i``, from the middle of the session."""
        step = self.config.exposure + GAP
        return (i - (self.config.n_frames - 1) / 2) * step + (part - 0.5) * self.config.exposure

    def moving_at(self, i: int, part: float = 0.5) -> Array:
        """Return the places (m, 2) on the scene of the moving objects at a part of the exposure of frame ``i``."""
        rows = np.array(self.config.moving, np.float64).reshape(-1, 6)
        return np.asarray(rows[:, :2] + rows[:, 2:4] * self.seconds(i, part) / 3600)

    def light_of_stars(self, i: int) -> Array:
        """Return the fluxes (s, C) of the stars in frame ``i`` at transparency 1, variables included."""
        flux = self.star_flux.copy()
        for star, amplitude, period in self.config.variables:
            flux[int(star)] *= 10 ** (-0.4 * amplitude * np.sin(2 * np.pi * self.seconds(i) / period))
        return flux

    def frame_fwhm(self, i: int, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the FWHM at frame positions, before integration over pixels."""
        terms = field_terms(x, y, self.config.width, self.config.height)
        return np.asarray(self.fwhm[i] * (1 + self.fwhm_terms[i, 0] + terms @ self.fwhm_terms[i, 1:]))

    def frame_sky(self, i: int, x: ArrayLike, y: ArrayLike, channel: int = 0) -> Array:
        """Return the sky in ADU (before vignetting) at frame positions."""
        uv = field_terms(x, y, self.config.width, self.config.height)[..., :2]
        colour = self.config.sky_colour[channel] if self.config.n_channels == 3 else 1.0
        return np.asarray(self.sky[i] * colour * (1 + uv @ self.sky_slope[i]))

    def frame_sigma(self, i: int, x: ArrayLike, y: ArrayLike, channel: int = 0) -> Array:
        """Return the noise of a blank pixel in ADU: photons of sky and dark, read noise, digitisation.

        Without amplifier glow and the noise of the calibration frames.
        """
        c = self.config
        px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
        shade = vignette(px, py, c)
        electrons = c.gain * shade * self.frame_sky(i, px, py, channel) + c.dark_current * c.exposure + c.read_noise**2
        return np.asarray(np.sqrt(electrons / c.gain**2 + 1 / 12) / shade)

    def saturated(self, limit: float = 0.85) -> NDArray[np.bool_]:
        """Return which stars come close to full scale in any frame and channel, for any position within a pixel."""
        c = self.config
        profile = round_profile(c)
        brightest = np.zeros(self.star_x.size)
        for fwhm, transparency, sky in zip(self.fwhm, self.transparency, self.sky, strict=True):
            peak = transparency * psf_peak(float(fwhm) * (1 - c.seeing_field_variation), profile)
            brightest = np.maximum(brightest, self.star_flux.max(1) * peak + sky + c.bias)
        return np.asarray(brightest > limit * FULL_SCALE)

    def frame_psf(self, i: int, x: float, y: float, size: int) -> Array:
        """Return the (size, size) PSF of unit flux of frame ``i`` at a position, centred on pixel ``size // 2``."""
        return psf_stamp(size, float(self.frame_fwhm(i, x, y)), self.profile(i))

    def profile(self, i: int) -> StarProfile:
        """Return the shape of the stars in frame ``i``."""
        return replace(round_profile(self.config), ellipticity=self.config.ellipticity, angle=float(self.psf_angle[i]))


def join_nights(truths: Sequence[SimulationTruth]) -> SimulationTruth:
    """Join the truths of several nights of one scene with one camera into that of one session."""
    first = truths[0]
    if any(not np.array_equal(t.star_x, first.star_x) or t.config.exposure != first.config.exposure for t in truths):
        raise ValueError("the nights differ in scene or exposure")
    starts = np.cumsum([0, *(t.n_frames for t in truths)])
    joined = {name: np.concatenate([getattr(t, name) for t in truths])
              for name in ("matrices", "transparency", "sky", "sky_slope", "fwhm", "fwhm_terms", "psf_angle")}
    trails = np.concatenate([t.trails + np.array([start, 0, 0, 0, 0, 0]) for t, start in zip(truths, starts[:-1], strict=True)])
    config = replace(first.config, n_frames=int(starts[-1]))
    return replace(first, config=config, trails=trails, lights=tuple(name for t in truths for name in t.lights), **joined)


def vignette(x: ArrayLike, y: ArrayLike, config: SimulationConfig) -> Array:
    """Return the illumination at frame positions: 1 in the middle, ``1 - vignetting`` in the corners."""
    cx, cy = config.centre
    r2 = ((np.asarray(x, np.float64) - cx) ** 2 + (np.asarray(y, np.float64) - cy) ** 2) / (cx**2 + cy**2)
    return np.asarray(1 - config.vignetting * r2)


def save_truth(truth: SimulationTruth, directory: Path | str) -> Path:
    """Write ``truth/truth.json`` into the folder of a session and return its path."""
    path = Path(directory) / TRUTH_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    config = asdict(truth.config)
    config["start"] = truth.config.start.isoformat()
    record: dict[str, Any] = {"config": config, "lights": list(truth.lights)}
    for name, value in vars(truth).items():
        if isinstance(value, np.ndarray):
            record[name] = {"shape": list(value.shape), "values": value.ravel().tolist()}
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def load_truth(directory: Path | str) -> SimulationTruth:
    """Read the truth of a session folder written by `simulate`."""
    record = json.loads((Path(directory) / TRUTH_FILE).read_text(encoding="utf-8"))
    fields: dict[str, Any] = record.pop("config")
    fields["start"] = datetime.fromisoformat(fields["start"])
    for name in ("panels", "moving", "variables", "transients"):
        fields[name] = [tuple(row) for row in fields.get(name, ())]
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
    config = SimulationConfig(**fields)
    lights = tuple(record.pop("lights"))
    arrays = {name: np.array(item["values"], np.float64).reshape(item["shape"]) for name, item in record.items()}
    return SimulationTruth(config=config, lights=lights, **arrays)
