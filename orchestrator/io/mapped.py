"""Arrays in files: their pages count as memory of the process until they are released; the content stays in the file."""

from __future__ import annotations

import mmap

import numpy as np
from numpy.typing import NDArray

__all__ = ["mapping_of", "release", "release_mapping"]


def mapping_of(array: object) -> mmap.mmap | None:
    """The file mapping that holds an array, also one of which it is a view; None if it is in memory."""
    while array is not None:
        if isinstance(array, mmap.mmap):
            return array
        array = array.obj if isinstance(array, memoryview) else getattr(array, "base", None)
    return None


def release(array: NDArray[np.generic]) -> None:
    """Release the pages of an array in a file; does nothing for an array in memory."""
    found = mapping_of(array)
    if found is not None:
        release_mapping(found)


def release_mapping(found: mmap.mmap) -> None:
    """Release the pages of a mapping. The system keeps what was written, in its cache until it is on the disk."""
    if hasattr(mmap, "MADV_DONTNEED") and not found.closed:
        found.madvise(mmap.MADV_DONTNEED)
