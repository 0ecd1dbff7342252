"""Facts of cameras and smart telescopes (``devices.yaml`` and custom files of the same form), used where headers lack them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from astropy.io import fits
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.session.headers import PATTERN_CARDS, memory_pattern
from orchestrator.session.model import FrameInfo

__all__ = ["Device", "Devices", "device_facts", "load_devices", "user_devices_file", "with_device_facts"]

Positive = Annotated[float, Field(gt=0)]


class Device(BaseModel):
    """One entry of ``devices.yaml``, which explains the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    match: dict[str, list[str]]
    sensor: str = ""
    pattern: Literal["RGGB", "BGGR", "GRBG", "GBRG", "none"] | None = None
    pixel_size: Positive | None = None
    focal_length: Positive | None = None
    aperture: Positive | None = None
    mount: Literal["alt_az", "equatorial"] | None = None
    saturation: Positive | None = None
    gain: list[tuple[float, Positive, Positive | None]] = []

    def fits(self, header: fits.Header) -> bool:
        """Whether a card of the header matches one of the patterns."""
        return any(fnmatch(str(header.get(card, "")).strip().lower(), text.lower())
                   for card, texts in self.match.items() for text in texts)

    def at_gain(self, setting: float | None) -> tuple[float | None, float | None]:
        """Electrons per ADU (of 16 bits) and read noise in electrons at a gain setting, None if unknown."""
        rows = sorted(self.gain)
        if setting is None or not rows or not rows[0][0] <= setting <= rows[-1][0]:
            return None, None
        settings = [r[0] for r in rows]
        electrons = float(np.exp(np.interp(setting, settings, np.log([r[1] for r in rows]))))
        noise = [r[2] for r in rows]
        known = None not in noise
        return electrons, float(np.exp(np.interp(setting, settings, np.log(noise)))) if known else None  # type: ignore[arg-type]


@dataclass(frozen=True)
class Devices:
    """All devices, custom ones first. :func:`with_device_facts` fills ``used``: (device, fact) -> number of frames whose header
    lacked it. ``problem`` is why the file of the user is not used."""

    known: tuple[Device, ...]
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    problem: str = ""

    def of(self, header: fits.Header) -> Device | None:
        """The first device that fits the header, None if there is none."""
        return next((d for d in self.known if d.fits(header)), None)

    def notes(self) -> list[str]:
        """Notes for the scan report on the facts that were used."""
        by_device: dict[str, list[str]] = {}
        for (name, fact), _ in sorted(self.used.items()):
            by_device.setdefault(name, []).append(fact)
        return [Message("Missing in the headers, taken from the facts of the {name}: {facts}.", name=name,
                        facts=", ".join(facts))
                for name, facts in by_device.items()]


def user_devices_file() -> Path:
    """The file with the custom devices of the user."""
    base = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return Path(base or Path.home() / ".config") / "orchestrate" / "devices.yaml"


def load_devices(file: Path | None = None) -> Devices:
    """The packaged devices and those of ``file`` (``input.devices``), else of :func:`user_devices_file` if it exists. If that of
    the user cannot be used, ``problem`` names it and the reason.

    Raises
    ------
    ConfigError : ``file`` is missing, is not YAML, or has an invalid entry.
    """
    custom: tuple[Device, ...] = ()
    if file is not None:
        custom = _parse(Path(file).expanduser(), "input.devices: ")
    problem = ""
    try:
        if file is None and user_devices_file().exists():
            custom = _parse(user_devices_file(), "")
    except (OSError, ConfigError) as error:
        why = error.message if isinstance(error, ConfigError) else f"{user_devices_file()}: {error.strerror or error}."
        problem = Message("{why} Only the packaged devices are known in this run. Correct the file.", why=why)
    names = {d.name for d in custom}
    return Devices((*custom, *(d for d in _packaged() if d.name not in names)), problem=problem)


@lru_cache(maxsize=1)
def _packaged() -> tuple[Device, ...]:
    text = resources.files("orchestrator.session").joinpath("devices.yaml").read_text(encoding="utf-8")
    return tuple(Device.model_validate(entry) for entry in yaml.safe_load(text)["devices"])


def _parse(file: Path, setting: str) -> tuple[Device, ...]:
    """The devices of a file, which messages name after the setting."""
    where = f"{setting}{file}"
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(Message("{where} cannot be read: {strerror}.", where=where,
                                  strerror=error.strerror), "Correct the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(Message("{where} is not YAML: {error}.", where=where,
                                  error=str(error)[:200]), "Use the form of the packaged devices.yaml.") from error
    entries = content.get("devices") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ConfigError(Message("{where} has no list 'devices:'.", where=where), "Use the form of the packaged devices.yaml.")
    devices = []
    for number, entry in enumerate(entries, 1):
        try:
            devices.append(Device.model_validate(entry))
        except ValidationError as error:
            problem = error.errors()[0]
            path = ".".join(str(p) for p in problem["loc"])
            name = entry.get("name", f"number {number}") if isinstance(entry, dict) else f"number {number}"
            raise ConfigError(Message("{where}: device {name}, {path}: {msg}.", where=where, name=name, path=path,
                                      msg=problem["msg"]), "Correct the entry.") from None
    return tuple(devices)


def with_device_facts(info: FrameInfo, header: fits.Header, devices: Devices, bayer_pattern: str = "auto") -> FrameInfo:
    """The frame with the Bayer pattern, pixel size and focal length of its device where its header lacks them."""
    device = devices.of(header)
    if device is None:
        return info
    taken: dict[str, Any] = {}
    facts: list[str] = []
    no_pattern = not any(str(header.get(card, "")).strip() for card in PATTERN_CARDS)
    if bayer_pattern == "auto" and no_pattern and device.pattern not in (None, "none") and len(info.shape) == 2:
        taken["cfa"] = memory_pattern(header, info.shape[-2], str(device.pattern))
        facts.append(Message("Bayer pattern {pattern}", pattern=device.pattern))
    if info.pixel_size is None and device.pixel_size is not None:
        taken["pixel_size"] = device.pixel_size * info.binning[0]
        facts.append(Message("pixels of {pixel_size:g} um", pixel_size=device.pixel_size))
    if info.focal_length is None and device.focal_length is not None:
        taken["focal_length"] = device.focal_length
        facts.append(Message("focal length {focal_length:g} mm", focal_length=device.focal_length))
    for fact in facts:
        devices.used[device.name, fact] = devices.used.get((device.name, fact), 0) + 1
    return replace(info, **taken) if taken else info


def device_facts(light: FrameInfo, devices: Devices) -> dict[str, Any] | None:
    """The facts of the device that took a light, for the scan report; None if the device is unknown."""
    header = fits.Header([("INSTRUME", light.camera or ""), ("TELESCOP", light.telescope or "")])
    device = devices.of(header)
    if device is None:
        return None
    electrons, noise = device.at_gain(light.gain)
    return {"name": device.name, "sensor": device.sensor, "mount": device.mount, "aperture": device.aperture,
            "saturation": device.saturation, "electrons_per_adu": electrons, "read_noise": noise}
