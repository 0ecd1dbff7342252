"""Evidence that a model of the sky is a gradient."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.sky import background_extraction as bge
from tilecore.sky import proved_sky
from tilecore.sky.halo import object_light_error, without_halos
from tilecore.sky.sky_model import ModelSpec


def found(light: np.ndarray, order: int, noise: float = 0.0) -> bge.Extraction:
    mask = np.zeros(light.shape, np.uint8)
    plane = (light + np.random.default_rng(0).normal(0, noise, light.shape)).astype(np.float32)
    return bge.extract_at(plane, mask, np.ones((20, 25), bool), ModelSpec(order=order))


Y, X = np.mgrid[:320, :400].astype(float)
U, V = (X - 199.5) / 200, (Y - 159.5) / 200


def test_figures_of_a_known_surface() -> None:
    e = proved_sky.evidence(found(10 + U - 0.5 * V - 0.3 * (U - 0.2) ** 2 - 0.2 * (V + 0.1) ** 2, 2))
    # The plane in the middle: 1 + 0.12 and -0.5 - 0.04.
    assert e.plane_range == pytest.approx(2 * 1.12 + 2 * 0.8 * 0.54, rel=0.01)
    assert e.hump == pytest.approx(0.3 + 0.2 * 0.64, rel=0.02) and e.ratio == pytest.approx(1.5, rel=0.02)
    assert e.centre == pytest.approx((1.12 / 0.6, -0.54 / 0.4), rel=0.02)
    bowl = proved_sky.evidence(found(10 + U**2 + V**2, 2))
    assert bowl.hump == pytest.approx(0, abs=1e-4) and not np.isfinite(bowl.ratio)


def test_noise_is_no_structure_and_waves_are() -> None:
    noise = proved_sky.evidence(found(10 + U, 1, noise=1.0))
    assert noise.structure < 0.01 * noise.model_rms
    waves = proved_sky.evidence(found(10 + U + 0.5 * np.sin(X / 20), 1, noise=1.0))
    assert waves.structure == pytest.approx(0.5 / np.sqrt(2), rel=0.35)


@pytest.mark.parametrize(("light", "order", "doubt"), [
    (10 + U, 1, None), (10 + U + 0.2 * U**2, 2, None), (10 + U - 0.2 * U**2, 2, None), (10 + U**2 + 0.4 * V**2, 2, None),
    (10 + U**2 - V**2, 2, "hump"), (10 - U**2 - V**2, 2, "hump"), (10 + U + 0.9 * np.sin(X / 20), 1, "structure"),
    (1 + 2 * (1 + U) ** 2, 2, "amplitude")])
def test_what_is_doubted(light: np.ndarray, order: int, doubt: str | None) -> None:
    model = found(light, order)
    proved = proved_sky.prove([model], np.zeros(light.shape, np.uint8))[0]
    assert proved.doubt == doubt
    assert (proved.extraction is model) == (doubt is None)
    if proved.extraction is not None:
        assert proved.extraction.spec.order <= 1 or doubt is None


def test_one_channel_that_needs_a_plane_gives_all_of_them_one() -> None:
    curved, humped = found(10 + U + 0.2 * U**2, 2), found(10 + U - 0.3 * U**2 - 0.3 * V**2, 2)
    assert proved_sky.prove([curved], np.zeros(U.shape, np.uint8))[0].extraction is curved
    proved = proved_sky.prove([curved, humped], np.zeros(U.shape, np.uint8))
    assert [p.doubt for p in proved] == ["hump", "hump"]
    assert [p.extraction is not None and p.extraction.spec.order for p in proved] == [1, 1]


def galaxy_before_a_slope(depth: float) -> tuple[np.ndarray, np.ndarray, bge.Extraction]:
    """Light of a galaxy with a wide halo, the sky, and the sky found between its light and the halo, noise 0.3."""
    light = depth * (1 + np.hypot(U + 0.1, 1.5 * V) / 0.05) ** -2.5
    sky = 100 + 10 * U
    mask = np.zeros(light.shape, np.uint8)
    plane = (sky + light + np.random.default_rng(1).normal(0, 0.3, light.shape)).astype(np.float32)
    return light, sky, bge.extract(plane, mask, ModelSpec())


def test_a_halo_is_no_sky() -> None:
    light, sky, first = galaxy_before_a_slope(1000)
    second = without_halos(first, np.zeros(light.shape, np.uint8), bge.Tuning())
    wrong = [np.std(f.model - sky - (f.model - sky).mean()) for f in (first, second)]
    assert wrong[0] > 0.5 and wrong[1] < 0.25 * wrong[0]
    assert (second.levels[~second.tiles] == first.levels[~first.tiles]).all()  # the light of the galaxy itself is untouched


def test_without_large_objects_there_is_no_halo() -> None:
    model = found(10 + U, 1, noise=0.1)
    assert without_halos(model, np.zeros(U.shape, np.uint8), bge.Tuning()) is model and object_light_error(model) == 0


def test_a_sky_that_is_extrapolated_behind_an_object_is_doubted() -> None:
    """The fourth order is not determined behind an object over the middle third."""
    around = np.abs(np.linspace(-1, 1, 25))[None, :] + 0 * np.linspace(-1, 1, 20)[:, None] > 0.36
    sky = 10 + U + 0.2 * U**2 + np.random.default_rng(0).normal(0, 0.5, U.shape)
    plane = np.where(np.abs(U) < 0.35, sky + 3, sky).astype(np.float32)
    mask = np.zeros(U.shape, np.uint8)
    stiff, loose = (bge.extract_at(plane, mask, around, ModelSpec(order=order)) for order in (1, 4))
    assert object_light_error(loose) > proved_sky.LIGHT_ERROR > object_light_error(stiff)
    assert proved_sky.prove([loose], mask)[0].doubt == "behind_objects"
