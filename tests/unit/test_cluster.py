"""Clusters of like frames."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.cluster import cluster_states, synthetic_weights


def states(groups: int, each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """State vectors around well separated centres, in units of very different size; and the group of each."""
    r = np.random.default_rng(seed)
    centers = 20 * np.eye(groups, 5) if groups <= 5 else r.normal(0, 20, (groups, 5))
    label = r.permutation(np.repeat(np.arange(groups), each))
    return (centers[label] + r.normal(0, 0.3, (len(label), 5))) * [1, 1e-3, 1e-6, 1e3, 1], label


def silhouette(z: np.ndarray, labels: np.ndarray) -> float:
    """Rousseeuw's definition, frame by frame."""
    values = []
    for i in range(len(z)):
        distance = np.linalg.norm(z - z[i], axis=1)
        own = labels == labels[i]
        if own.sum() == 1:
            values.append(0.0)
            continue
        a = distance[own].sum() / (own.sum() - 1)
        b = min(distance[labels == k].mean() for k in set(labels) - {labels[i]})
        values.append((b - a) / max(a, b))
    return float(np.mean(values))


def test_well_separated_states_are_told_apart_whatever_their_units() -> None:
    vectors, label = states(5, 10)
    found = cluster_states(vectors)
    pairs = {(int(a), int(b)) for a, b in zip(found.labels, label, strict=True)}
    assert len(pairs) == 5
    assert found.silhouette > 0.8 and found.stability == 1


@pytest.mark.parametrize(("n", "k"), [(3, 3), (20, 5), (79, 7), (120, 12), (900, 30)])
def test_there_is_a_cluster_for_every_ten_frames_within_5_and_30(n: int, k: int) -> None:
    labels = cluster_states(np.random.default_rng(n).normal(size=(n, 5))).labels
    assert len(labels) == n and labels.min() == 0
    assert len(np.unique(labels)) == labels.max() + 1 == k


def test_the_same_frames_give_the_same_clusters() -> None:
    vectors = np.random.default_rng(1).normal(size=(90, 5))
    assert np.array_equal(cluster_states(vectors, seed=3).labels, cluster_states(vectors.copy(), seed=3).labels)


def test_every_frame_belongs_to_the_nearest_center() -> None:
    vectors = np.random.default_rng(2).normal(size=(100, 5))
    z = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    labels = cluster_states(vectors).labels
    centers = np.array([z[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    assert np.array_equal(np.linalg.norm(z[:, None] - centers, axis=2).argmin(axis=1), labels)


def test_the_silhouette_follows_its_definition() -> None:
    vectors = np.random.default_rng(3).normal(size=(60, 5))
    found = cluster_states(vectors)
    z = (vectors - vectors.mean(axis=0)) / vectors.std(axis=0)
    assert found.silhouette == pytest.approx(silhouette(z, found.labels))


def test_equal_frames_are_one_cluster() -> None:
    found = cluster_states(np.full((40, 5), 0.1))
    assert (found.labels == 0).all() and found.silhouette == 0


def test_a_state_that_is_not_known_counts_as_average() -> None:
    vectors, label = states(5, 10)
    vectors[3, 0], vectors[4, 2] = np.nan, np.inf
    labels = cluster_states(vectors).labels
    known = np.ones(50, bool)
    known[[3, 4]] = False
    assert len({(int(a), int(b)) for a, b in zip(labels[known], label[known], strict=True)}) == 5


def test_synthetic_weights_are_exponential_and_capped() -> None:
    weights = synthetic_weights(np.array([-1.0, 0, 0, 0.5, 9]), steepness=2.0, max_ratio=20)
    assert np.allclose(weights, [np.exp(-2), 1, 1, np.exp(1), 20])
