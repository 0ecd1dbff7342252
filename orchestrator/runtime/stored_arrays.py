"""Many small arrays in one .npz file. Those of one type are one member: a member for each would be larger than its content."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["StoredArrays", "write_arrays"]

# Arrays up to this size (bytes) and number of axes are joined.
SMALL = 1 << 20
MOST_AXES = 4
# Member with a row for each joined array: its number ("a7" has 7), that of its group ("g0" has 0), number of axes, shape.
INDEX = "index"


def write_arrays(stream: IO[bytes], arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays named "a0", "a1", ..., which may be joined, and others."""
    groups: dict[np.dtype[Any], list[NDArray[Any]]] = {}
    index: list[tuple[int, ...]] = []
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            if array.nbytes > SMALL or array.ndim > MOST_AXES or not name[1:].isdigit():
                _member(archive, name, array.dtype, array.shape, [array])
                continue
            group = list(groups).index(array.dtype) if array.dtype in groups else len(groups)
            groups.setdefault(array.dtype, []).append(array)
            index.append((int(name[1:]), group, array.ndim, *array.shape, *(0,) * (MOST_AXES - array.ndim)))
        for group, (dtype, members) in enumerate(groups.items()):
            _member(archive, f"g{group}", dtype, (sum(a.size for a in members),), members)
        rows = np.array(index, np.int32).reshape(-1, 3 + MOST_AXES)
        _member(archive, INDEX, rows.dtype, rows.shape, [rows])


def _member(archive: zipfile.ZipFile, name: str, dtype: np.dtype[Any], shape: tuple[int, ...],
            parts: Sequence[NDArray[Any]]) -> None:
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        for part in parts:
            stream.write(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)


class StoredArrays(dict[str, NDArray[Any]]):
    """The arrays that :func:`write_arrays` wrote, read on access; the checksums of the zip format detect damage."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        super().__init__()
        self._source = source
        self._file: Any = None
        self._places: dict[str, tuple[str, int, tuple[int, ...]]] = {}

    def __missing__(self, key: str) -> NDArray[Any]:
        if self._file is None:
            self._open()
        if key not in self._places:
            array: NDArray[Any] = self._file[key]
            return array
        name, start, shape = self._places[key]
        if name not in self:
            self[name] = self._file[name]
        return self[name][start: start + int(np.prod(shape))].reshape(shape)

    def _open(self) -> None:
        self._file = np.load(self._source, allow_pickle=False)
        ends: dict[str, int] = {}
        for number, group, axes, *shape in self._file[INDEX].tolist():
            name, own = f"g{group}", tuple(shape[:axes])
            start = ends.get(name, 0)
            self._places[f"a{number}"] = (name, start, own)
            ends[name] = start + int(np.prod(own))
