"""Random layouts of lights: no match and no light is accepted in a wrong place (tests.quality.pair_attempts makes more)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.quality.pair_attempts import layout, registered, wrong_edges, wrong_lights
from tilecore.register.align import Alignment


@pytest.mark.parametrize("seed", [1, 2, 3, 5])
def test_nothing_is_accepted_wrongly(seed: int) -> None:
    one = layout(seed)
    found = registered(one)
    assert not wrong_edges(one) and not wrong_lights(one, found)


def test_what_is_wrong_would_be_found() -> None:
    """A match and a light that are moved by three pixels."""
    one = next(one for one in map(layout, range(1, 40)) if "grid" in one.what and len(one.frames.lights) > 8)
    found = registered(one)
    assert len(one.edges) > 3 and not wrong_lights(one, found)
    edge = one.edges[0]
    one.edges[0] = replace(edge, pairs=np.stack([edge.pairs[:, 0], np.roll(edge.pairs[:, 1], 1)], axis=1))
    assert len(wrong_edges(one)) == 1
    place = next(k for k, f in enumerate(found.found) if isinstance(f, Alignment))
    moved = np.array([[1.0, 0, 3], [0, 1, 0], [0, 0, 1]]) @ found.found[place].matrix
    found.found[place] = replace(found.found[place], matrix=moved)
    assert any(text.startswith(f"light {place} is 3.0 px off") for text in wrong_lights(one, found))
