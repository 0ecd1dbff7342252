"""The compiled kernels of the mathematics: whether they are on disk, and compiling those of the stack beside a first run.

The first run after an installation or update compiles the kernels when it needs them. Those of warping, rejection and the mean
are half of them and are needed last: other processes compile them meanwhile into numba's cache on disk. If a process is late or
fails, the run compiles what is missing itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["PREPARING", "compile_combining", "compile_warping", "compiling_ahead", "kernels_ready"]

PREPARING = ("Preparing, once after an installation or update: kernels are compiled when a step first needs them, about a minute "
             "in all. `orchestrate warmup` does this beforehand.")
# Frames and side (px) of the images with which the kernels are called.
FRAMES = 4
SIDE = 64
# Bytes that a process which compiles takes, rounded up.
COMPILER_MEMORY = 400 << 20


def kernels_ready() -> bool:
    """Whether numba has on disk what it compiled of warping, rejection and the mean, which every stack needs, from the present
    sources for this processor."""
    from tilecore.resample import warp
    from tilecore.stack import reject, weighted_mean

    kernels: tuple[Any, ...] = (warp._warp, reject._reject, weighted_mean._accumulate)
    return all(map(_is_on_disk, kernels))


def _is_on_disk(kernel: Any) -> bool:
    """Whether numba has a kernel on disk, for whatever types."""
    processor = kernel.targetctx.codegen().magic_tuple()
    # The index is empty if it is missing, or of another version of numba or of the source.
    return any(key[1] == processor for key in kernel._cache._cache_file._load_index())


@contextmanager
def compiling_ahead(workers: int, budget: int) -> Iterator[None]:
    """Compile kernels of the stack in other processes while the body runs, if they are not on disk and the ``workers`` and the
    memory ``budget`` (bytes) allow processes beside this one. The processes end with the body at the latest."""
    shares: list[tuple[Callable[[], None], ...]] = []
    allowed = min(workers, budget // COMPILER_MEMORY) - 1
    if allowed > 0 and sys.executable and not kernels_ready():
        shares = [(compile_warping,), (compile_combining,)] if allowed > 1 else [(compile_warping, compile_combining)]
    processes = [_start(share) for share in shares]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _start(share: tuple[Callable[[], None], ...]) -> subprocess.Popen[bytes]:
    """A process that calls functions of this module. It finds the packages where this process does."""
    names = [function.__name__ for function in share]
    code = f"import sys; sys.path[:] = sys.argv[1:]; import {__name__} as kernels; {'; '.join(f'kernels.{n}()' for n in names)}"
    return subprocess.Popen([sys.executable, "-c", code, *sys.path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def compile_warping() -> None:
    """Call the kernels that bring a frame to the grid of the stack."""
    from tilecore.resample import steep_cores
    from tilecore.resample.warp import FrameRows, Normalization, Sampling, Slot, warp_planes

    cube, valid, noise = _frames()
    planes, cores = steep_cores.take_cores(cube[:, 0], noise[:1], 0, SIDE)
    matrix = np.array([[1.0, 0.01, 0.3], [-0.01, 1.0, 0.4], [0.0, 0.0, 1.0]])
    sampling, normalization = Sampling("lanczos4", 2.0), Normalization(np.ones(1, np.float32), np.zeros((1, 3, 3)), (SIDE, SIDE))
    warp_planes(FrameRows(planes, (SIDE, SIDE)), matrix, (0, 0), Slot(cube, valid, 0), sampling, normalization)
    maps = steep_cores.local_maps(matrix, cores[0].peak[:, ::-1].astype(np.float64))
    steep_cores.add_cores(cube[0, 0], cores[0], valid[0], maps, (0, 0), 1.0)


def compile_combining() -> None:
    """Call the kernels that reject outliers and average the frames."""
    from tilecore.stack.grid import AxisWindows
    from tilecore.stack.mixed_psf import MixedPsf, pardon
    from tilecore.stack.psf_overlap import overlap_products
    from tilecore.stack.reject import RejectionRule, ShotNoise, grow, reject_from_median
    from tilecore.stack.weighted_mean import combine

    cube, valid, noise = _frames()
    frames = cube[0]
    frames[0, 20:30, 20:24] += 0.1
    mask, median = reject_from_median(frames, valid, noise, RejectionRule("winsorized"), ShotNoise(1e-4, 0.0))
    psf = MixedPsf(np.ones(FRAMES, bool), np.ones(FRAMES), np.full(FRAMES, 2.0), 4)
    pardon(mask, frames, valid, median, noise, psf)
    mask = grow(mask, 1, valid=valid, min_survivors=2)
    index, share = np.zeros((SIDE, 1), np.int32), np.ones((SIDE, 1), np.float32)
    tiles = np.ones((FRAMES, 1, 1))
    combine(frames, valid, mask, tiles, 1e-3 * tiles, AxisWindows(index, share, index, share))
    overlap_products(np.ones((1, FRAMES)), np.ones((1, FRAMES)))


def _frames() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Frames (1, FRAMES, SIDE, SIDE) with a sharp star, their validity (FRAMES, SIDE, SIDE), the noise (FRAMES,) of a pixel."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2 + 0.3
    star = 0.5 * np.exp(-0.5 * (x * x + y * y) / 0.6**2)
    cube = np.asarray(star + rng.normal(0, 1e-3, (1, FRAMES, SIDE, SIDE)), np.float32)
    return cube, np.ones(cube.shape[1:], np.float32), np.full(FRAMES, 1e-3, np.float32)
