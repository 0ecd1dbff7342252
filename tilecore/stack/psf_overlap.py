"""Products with the overlaps of PSFs: G_ij = sum P_i P_j = 2 / (A_i + A_j) of unit Gaussians of effective areas A.

G has N^2 elements for N frames. In the logarithms u = ln A it is smooth,

    G_ij = sech((u_i - u_j) / 2) / sqrt(A_i A_j),

so its values at a few Chebyshev nodes, between which both u_i and u_j are interpolated, give all of them: G = L K L^T with K of
the nodes and L (N, nodes). The poles of sech at +-i pi bound the error: it falls as rho^-nodes, rho = b + sqrt(b^2 + 1) with b =
pi over half of the range of u (Trefethen 2013, Approximation Theory and Approximation Practice, theorem 8.2).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit, prange

__all__ = ["overlap_products"]

# Most frames whose overlaps are added one by one: fewer are not faster with nodes.
DIRECT = 64
# Error of an interpolated overlap, relative to the largest one.
ERROR = 1e-15
# Nodes beyond those that ERROR needs, for the constant in front of rho^-nodes.
MORE_NODES = 4


def overlap_products(vectors: NDArray[np.float64], area: NDArray[np.float64]) -> NDArray[np.float64]:
    """G v (tiles, N) of the ``vectors`` (tiles, N) for the effective areas ``area`` (tiles, N) of the PSFs, all positive."""
    out = np.empty_like(vectors)
    (_add_all if vectors.shape[1] <= DIRECT else _interpolate)(vectors, area, out)
    return out


@njit(cache=True, parallel=True)
def _add_all(vectors: NDArray[np.float64], area: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    tiles, n = vectors.shape
    for t in prange(tiles):
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += 2 * vectors[t, j] / (area[t, i] + area[t, j])
            out[t, i] = total


@njit(cache=True)
def _shares(at: float, nodes: NDArray[np.float64], weights: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Fill ``out`` with the shares of the nodes in the interpolated value at a place: the barycentric formula."""
    total = 0.0
    for k in range(len(nodes)):
        distance = at - nodes[k]
        if distance == 0.0:
            out[:] = 0.0
            out[k] = 1.0
            return
        out[k] = weights[k] / distance
        total += out[k]
    for k in range(len(nodes)):
        out[k] /= total


@njit(cache=True, parallel=True)
def _interpolate(vectors: NDArray[np.float64], area: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    tiles, n = vectors.shape
    for t in prange(tiles):
        low, high = math.log(area[t].min()), math.log(area[t].max())
        half = max(0.5 * (high - low), 1e-3)
        ratio = math.pi / half + math.sqrt((math.pi / half) ** 2 + 1)
        count = math.ceil(-math.log(ERROR) / math.log(ratio)) + MORE_NODES
        nodes, weights = np.empty(count), np.empty(count)
        for k in range(count):
            angle = (2 * k + 1) * math.pi / (2 * count)
            nodes[k] = 0.5 * (low + high) + half * math.cos(angle)
            weights[k] = math.sin(angle) if k % 2 == 0 else -math.sin(angle)
        share, gathered, spread = np.empty(count), np.zeros(count), np.zeros(count)
        for i in range(n):
            _shares(math.log(area[t, i]), nodes, weights, share)
            value = vectors[t, i] / math.sqrt(area[t, i])
            for k in range(count):
                gathered[k] += share[k] * value
        for k in range(count):
            for m in range(count):
                spread[k] += gathered[m] / math.cosh(0.5 * (nodes[k] - nodes[m]))
        for i in range(n):
            _shares(math.log(area[t, i]), nodes, weights, share)
            total = 0.0
            for k in range(count):
                total += share[k] * spread[k]
            out[t, i] = total / math.sqrt(area[t, i])
