"""Convert values that phases pass to one another to JSON and plain arrays, and back.

A type registers itself with :func:`storable` where it is defined. Decoding creates registered types only and runs no other code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from orchestrator.message import Message, packed, unpacked
from orchestrator.session.model import CalibrationGroup, Done, Exclusion, FrameInfo, Reading, Role, Session
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf import PsfModel
from tilecore.register.align import Alignment
from tilecore.register.lens import Lens
from tilecore.stack.grid import TileGrid
from tilecore.stack.tile_slots import TileSlots

__all__ = ["KIND", "Arrays", "decode", "encode", "storable"]

Arrays = dict[str, NDArray[Any]]

T = TypeVar("T", bound=type)
# Key of the type in a JSON object.
KIND = "!"
# Name of a registered type -> the type and the fields that are stored.
_TYPES: dict[str, tuple[type, tuple[str, ...]]] = {}


def storable(names: tuple[str, ...] | None = None) -> Callable[[T], T]:
    """Register a class under its name, so that its objects can be stored.

    Parameters
    ----------
    names : the attributes to store, which are also the arguments of the constructor; by default all fields of a dataclass.

    Raises
    ------
    ValueError : another class is registered under the name.
    """
    def register(cls: T) -> T:
        kept = tuple(f.name for f in fields(cls)) if names is None else names
        if _TYPES.setdefault(cls.__name__, (cls, kept))[0] is not cls:
            raise ValueError(f"two storable types are named {cls.__name__}")
        return cls

    return register


# Types of lower layers, which must not import this module.
for _cls in (Alignment, CalibrationGroup, Done, Exclusion, FrameInfo, FrameMeasurement, ImageLayout, Lens, PsfModel, Reading,
             Session, TileGrid, TileSlots):
    storable()(_cls)


def encode(value: Any, arrays: Arrays, base: Path) -> Any:
    """``value`` as JSON; its arrays are added to ``arrays``. Paths below ``base`` are stored relative to it, so that it can be
    moved.

    Raises
    ------
    TypeError : a type that is not registered.
    """
    if isinstance(value, np.generic):
        return {KIND: "scalar", "array": _put(np.asarray(value), arrays)}
    if isinstance(value, Role):
        return {KIND: "role", "value": value.value}
    if isinstance(value, Message):
        return {KIND: "message", "value": packed(value)}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else {KIND: "float", "value": repr(value)}
    if isinstance(value, np.ndarray):
        return _encode_array(value, arrays)
    if isinstance(value, list | tuple):
        items = [encode(v, arrays, base) for v in value]
        return items if isinstance(value, list) else {KIND: "tuple", "items": items}
    if isinstance(value, dict):
        return {KIND: "dict", "items": [[encode(k, arrays, base), encode(v, arrays, base)] for k, v in value.items()]}
    if isinstance(value, Path):
        path = value.absolute()
        inside = path.is_relative_to(base)
        return {KIND: "path", "run": inside, "value": str(path.relative_to(base) if inside else path)}
    if isinstance(value, datetime):
        return {KIND: "time", "value": value.isoformat()}
    name = type(value).__name__
    cls, names = _TYPES.get(name, (None, ()))
    if cls is type(value):
        return {KIND: name, "fields": {field: encode(getattr(value, field), arrays, base) for field in names}}
    raise TypeError(f"values of {type(value)!r} cannot be stored")


def decode(value: Any, arrays: Mapping[str, NDArray[Any]], base: Path) -> Any:
    """The inverse of :func:`encode`.

    Raises
    ------
    ValueError, KeyError, TypeError : the data is damaged or of another version.
    """
    if isinstance(value, list):
        return [decode(v, arrays, base) for v in value]
    if not isinstance(value, dict):
        return value
    kind = value[KIND]
    if kind in _TYPES:
        cls, names = _TYPES[kind]
        content = {k: decode(v, arrays, base) for k, v in value["fields"].items()}
        if set(content) != set(names):
            raise ValueError(f"the fields of {kind} are from another version")
        return cls(**content)
    if kind == "array":
        array = arrays[value["array"]]
        return array if value["axes"] is None else array.transpose(value["axes"])
    if kind == "tuple":
        return tuple(decode(v, arrays, base) for v in value["items"])
    if kind == "dict":
        return {decode(k, arrays, base): decode(v, arrays, base) for k, v in value["items"]}
    simple: dict[str, Callable[[], Any]] = {
        "scalar": lambda: arrays[value["array"]][()], "float": lambda: float(value["value"]),
        "message": lambda: unpacked(value["value"]),
        "role": lambda: Role(value["value"]), "time": lambda: datetime.fromisoformat(value["value"]),
        "path": lambda: base / value["value"] if value["run"] else Path(value["value"])}
    return simple[kind]()


def _put(array: NDArray[Any], arrays: Arrays) -> str:
    key = f"a{len(arrays)}"
    arrays[key] = array
    return key


def _encode_array(array: NDArray[Any], arrays: Arrays) -> dict[str, Any]:
    """An array with its axes in memory order, because the last bit of sums over it depends on that order."""
    if array.dtype.hasobject:
        raise TypeError("an array of objects cannot be stored")
    order = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    if order == list(range(array.ndim)):
        return {KIND: "array", "array": _put(np.ascontiguousarray(array), arrays), "axes": None}
    back = [order.index(axis) for axis in range(array.ndim)]
    return {KIND: "array", "array": _put(np.ascontiguousarray(array.transpose(order)), arrays), "axes": back}
