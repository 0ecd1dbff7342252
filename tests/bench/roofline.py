"""Throughput of the hot kernels against the memory bandwidth. Run by hand: python tests/bench/roofline.py"""

from __future__ import annotations

import time

import numpy as np


def roofline() -> None:
    """Kernels alone, one thread where they have one, against a copy of the same bytes."""
    from tilecore.resample.warp import FrameRows, Sampling, Slot, warp_planes
    from tilecore.stack.grid import axis_windows, make_grid
    from tilecore.stack.reject import reject
    from tilecore.stack.weighted_mean import combine

    def best(work: object, rounds: int = 5) -> float:
        times = []
        for _ in range(rounds + 1):
            start = time.perf_counter()
            work()  # type: ignore[operator]
            times.append(time.perf_counter() - start)
        return min(times[1:])

    source = np.random.default_rng(0).random((3, 1080, 1920)).astype(np.float32)
    target = np.empty_like(source)
    rate = 2 * source.nbytes / best(lambda: np.copyto(target, source)) / 1e9
    print(f"memory: {rate:.1f} GB/s for a copy of 25 MB")
    matrix = np.array([[1, -0.003, 3.3], [0.003, 1, -2.7], [0, 0, 1]])
    out, valid = np.empty((3, 1, 1080, 1920), np.float32), np.empty((1, 1080, 1920), np.float32)
    rows, slot = FrameRows(source, (1080, 1920)), Slot(out, valid, 0)
    seconds = best(lambda: warp_planes(rows, matrix, (0, 0), slot, Sampling(feather=16)))
    pixels = 1080 * 1920
    print(f"warp, 3 planes, Lanczos-4: {seconds * 1e3:.0f} ms, {pixels * 3 * 128 / seconds / 1e9:.1f} Gflop/s, "
          f"{2 * source.nbytes / seconds / 1e9:.2f} GB/s: bound by arithmetic (one thread)")
    r = np.random.default_rng(0)
    grid = make_grid((82, 1920), 2.6, size_factor=24, min_size=64, max_divisor=1, overlap=0.5)
    cube = r.normal(0.01, 1e-3, (60, 82, 1920)).astype(np.float32)
    good, sigma = np.ones_like(cube), np.full(60, 1e-3, np.float32)
    mask = reject(cube, good, sigma)
    seconds = best(lambda: reject(cube, good, sigma))
    print(f"rejection, 60 frames: {seconds * 1e3:.0f} ms, {cube.size / seconds / 1e9:.2f} G values/s, "
          f"{2 * cube.nbytes / seconds / 1e9:.1f} GB/s of cube and validity (all threads)")
    windows = axis_windows(grid)
    weights = np.ones((60, grid.n_y, grid.n_x))
    seconds = best(lambda: combine(cube, good, mask, weights, weights, windows))
    print(f"weighted mean, 60 frames: {seconds * 1e3:.0f} ms, {cube.size / seconds / 1e9:.2f} G values/s, "
          f"{2 * (2 * cube.nbytes + mask.nbytes) / seconds / 1e9:.1f} GB/s (all threads)")


if __name__ == "__main__":
    roofline()
