"""How long a target can be observed tonight, computed by astropy without a network."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime

import numpy as np

__all__ = ["Tonight", "tonight"]

# Degrees: smallest altitude of a target, and largest altitude of the sun in astronomical darkness.
MIN_ALTITUDE, DARK = 30.0, -18.0
# Hours around now that are examined, and steps in them.
HOURS, STEPS = 24.0, 289


@dataclass(frozen=True)
class Tonight:
    """The next 24 hours for one target.

    Attributes
    ----------
    hours : hours in which the sun is below -18 degrees and the target above 30 degrees.
    highest : its largest altitude in darkness in degrees, NaN without darkness.
    moon : the distance of the moon in degrees in the middle of these hours, or of the darkness.
    moon_light : the illuminated share of the moon then.
    """

    hours: float
    highest: float
    moon: float
    moon_light: float


def tonight(sky: tuple[float, float], site: tuple[float, float], now: datetime) -> Tonight:
    """What the next 24 hours offer for a target.

    Parameters
    ----------
    sky : right ascension and declination in degrees (ICRS).
    site : latitude and longitude in degrees, east is positive.
    now : with a time zone.
    """
    from astropy import units as u
    from astropy.coordinates import AltAz, EarthLocation, SkyCoord, get_body, get_sun
    from astropy.time import Time
    from astropy.utils import iers

    with (warnings.catch_warnings(), iers.conf.set_temp("auto_download", False), iers.conf.set_temp("auto_max_age", None),
          iers.conf.set_temp("iers_degraded_accuracy", "warn")):
        warnings.simplefilter("ignore")  # without recent tables of the rotation of the Earth the error is below an arcminute
        place = EarthLocation(lat=site[0] * u.deg, lon=site[1] * u.deg)
        times = Time(now) + np.linspace(0, HOURS, STEPS) * u.hour
        frame = AltAz(obstime=times, location=place)
        target = SkyCoord(*sky, unit="deg")
        altitude, sun = target.transform_to(frame).alt.deg, get_sun(times).transform_to(frame).alt.deg
        dark = sun < DARK
        good = dark & (altitude > MIN_ALTITUDE)
        chosen = np.flatnonzero(good if good.any() else dark if dark.any() else sun == sun.min())
        middle = times[int(chosen[len(chosen) // 2])]
        moon = get_body("moon", middle, place)
        elongation = get_sun(middle).separation(moon, origin_mismatch="ignore").rad
        apart = moon.separation(target.transform_to(moon.frame), origin_mismatch="ignore").deg
    step = HOURS / (STEPS - 1)
    highest = float(altitude[dark].max()) if dark.any() else float("nan")
    # The illuminated share of a sphere lit from far away: (1 - cos(elongation)) / 2.
    return Tonight(round(float(good.sum() * step), 1), highest, float(apart), float((1 - np.cos(elongation)) / 2))
