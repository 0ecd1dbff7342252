"""Clusters of frames taken under similar conditions, and their weights (METHODS 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

__all__ = ["Clusters", "cluster_states", "synthetic_weights"]

FloatArray = NDArray[np.float64]

# Qualities beyond this (robust z scores) count as this.
MAX_QUALITY = 3.0


@dataclass(frozen=True)
class Clusters:
    """``labels`` (N,); ``silhouette`` in -1..1; ``stability`` is the share of pairs of frames for which a second seed agrees."""

    labels: NDArray[np.int64]
    silhouette: float
    stability: float


def cluster_states(vectors: FloatArray, *, seed: int = 1) -> Clusters:
    """k-means of standardised state vectors (N, d), K = clip(N / 10, 5, 30), at most N; k-means++ from a fixed seed.

    Labels run from 0 without gaps. Unknown values (NaN, Inf) count as the mean of the others.
    """
    known = np.isfinite(vectors)
    count = np.maximum(known.sum(axis=0), 1)
    deviation = np.where(known, vectors - np.where(known, vectors, 0).sum(axis=0) / count, 0)
    spread = np.sqrt((deviation**2).sum(axis=0) / count)
    z = deviation / np.where(spread > 0, spread, 1)
    k = min(int(np.clip(len(z) // 10, 5, 30)), len(z))
    labels, again = _kmeans(z, k, seed), _kmeans(z, k, seed + 1)
    same = (labels[:, None] == labels[None, :]) == (again[:, None] == again[None, :])
    return Clusters(labels, _silhouette(z, labels), float(same.mean()))


def _kmeans(z: FloatArray, k: int, seed: int) -> NDArray[np.int64]:
    """Labels (N,) of k-means, from 0 on without gaps."""
    random = np.random.default_rng(seed)
    centers = [z[random.integers(len(z))]]
    while len(centers) < k:  # k-means++ (Arthur & Vassilvitskii 2007)
        distance = np.min([((z - c) ** 2).sum(axis=1) for c in centers], axis=0)
        total = distance.sum()
        centers.append(z[random.choice(len(z), p=distance / total) if total > 0 else len(centers)])
    center = np.array(centers)
    labels = np.zeros(len(z), np.int64)
    for _ in range(100):
        updated = np.argmin(((z[:, None] - center[None]) ** 2).sum(axis=2), axis=1)
        center = np.array([z[updated == i].mean(axis=0) if np.any(updated == i) else center[i] for i in range(k)])
        if np.array_equal(updated, labels):
            break
        labels = updated
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)  # empty clusters leave no gap


def _silhouette(z: FloatArray, labels: NDArray[np.int64]) -> float:
    """Mean silhouette (Rousseeuw 1987); 0 for a single cluster."""
    k = int(labels.max()) + 1
    if k < 2:
        return 0.0
    distance = cdist(z, z)
    to = np.array([distance[:, labels == i].sum(axis=1) for i in range(k)]).T
    size = np.bincount(labels, minlength=k)
    own = to[np.arange(len(z)), labels] / np.maximum(size[labels] - 1, 1)
    to = to / size
    to[np.arange(len(z)), labels] = np.inf
    other = to.min(axis=1)
    value = np.where(size[labels] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-12), 0)
    return float(value.mean())


def synthetic_weights(quality: FloatArray, steepness: float, max_ratio: float) -> FloatArray:
    """w_k = exp(steepness Q_k) of clusters of mean quality Q (K,), at most ``max_ratio`` times the median."""
    weights = np.exp(steepness * np.clip(quality, -MAX_QUALITY, MAX_QUALITY))
    return np.asarray(np.minimum(weights, max_ratio * np.median(weights)))
