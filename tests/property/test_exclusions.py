"""Which tiles a box touches, and where nothing but these tiles counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tilecore.stack.grid import axis_windows, interpolate_tiles, make_grid, only_in, touching


@settings(max_examples=60, deadline=None)
@given(st.integers(40, 160), st.integers(40, 160), st.sampled_from((0.0, 0.1, 0.25, 0.5)), st.data())
def test_a_box_lies_where_only_its_tiles_count(height: int, width: int, overlap: float, data: st.DataObject) -> None:
    grid = make_grid((height, width), 3.0, size_factor=8, min_size=16, max_divisor=3, overlap=overlap)
    y0, x0 = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    y1, x1 = data.draw(st.integers(y0 + 1, height)), data.draw(st.integers(x0 + 1, width))
    tiles = touching(grid, y0, y1, x0, x1)
    windows = axis_windows(grid)
    # By the windows themselves: the tiles with any share in the box, no other.
    share_y, share_x = np.zeros((height, grid.n_y)), np.zeros((width, grid.n_x))
    np.put_along_axis(share_y, windows.index_y, windows.weight_y, 1)
    np.put_along_axis(share_x, windows.index_x, windows.weight_x, 1)
    assert (tiles == np.outer((share_y[y0:y1] > 0).any(axis=0), (share_x[x0:x1] > 0).any(axis=0))).all()
    everywhere = only_in(grid, tiles, slice(0, height), slice(0, width))
    assert everywhere[y0:y1, x0:x1].all()
    # A frame of weight 1, 0 in these tiles, has no weight exactly there.
    assert (everywhere == (interpolate_tiles((~tiles).astype(float), grid) == 0)).all()
    part = only_in(grid, tiles, slice(y0, y1), slice(x0, width))
    assert (part == everywhere[y0:y1, x0:]).all()
