"""Sequence files and star lists of Siril."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orchestrator.engines.siril.sequence_file import file_matrix, parse_seq, read_seq, read_stars
from orchestrator.errors import ToolError

# Written by Siril 1.4.2; the third image could not be registered.
RECORDED = """#Siril sequence file. Contains list of images, selection, registration data and statistics
#S 'sequence_name' start_index nb_images nb_selected fixed_len reference_image version variable_size fz_flag drizzle
S 'pp_light_' 1 3 2 5 1 6 0 0 0
L 1
I 1 1
I 2 1
I 3 0
R0 3.1993 3.71118 0.978462 0 0.00757982 23 H 1.00015 -0.00712753 2.99469 0.00712753 1.00015 3.64321 0 0 1
R0 3.28225 3.28225 0.970193 0 0.00761735 25 H 1 0 0 0 1 0 0 0 1
R0 0 0 0 0 0 0 H 0 0 0 0 0 0 0 0 0
M0-0 32000 32000 0.00787894 0.00731384 0.00572747 -999999 -999999 -999999 -999999 -999999 0.1 0.3 1 0.0002
"""


def test_a_recorded_sequence_is_read() -> None:
    sequence = parse_seq(RECORDED)
    assert (sequence.name, sequence.reference) == ("pp_light_", 1)
    assert [i.included for i in sequence.images] == [True, True, False]
    assert [i.stars for i in sequence.images] == [23, 25, 0]
    assert sequence.images[0].matrix is not None and sequence.images[0].matrix[0, 2] == 2.99469
    assert sequence.images[2].matrix is None


def test_the_green_layer_is_taken_where_it_holds_the_registration() -> None:
    lines = RECORDED.replace("L 1", "L 3").replace("R0", "R1")
    empty = "\n".join("R0 0 0 0 0 0 0 H 0 0 0 0 0 0 0 0 0" for _ in range(3)) + "\n"
    assert parse_seq(lines.replace("R1 3.1993", empty + "R1 3.1993")).images[0].stars == 23


def test_version_5_and_images_of_different_sizes_are_read() -> None:
    text = RECORDED.replace("1 6 0 0 0", "1 5 1 0").replace("I 1 1", "I 1 1 640,480")
    assert parse_seq(text).images[0].size == (480, 640)


@pytest.mark.parametrize(
    "damage",
    [("S '", "X '"), ("1 6 0", "1 99 0"), ("I 3 0\n", ""), (" H 1 0 0 0 1", " 1 0"), ("5 1 6", "5 7 6")],
)
def test_a_damaged_sequence_is_an_error_that_names_the_file(tmp_path: Path, damage: tuple[str, str]) -> None:
    path = tmp_path / "x.seq"
    path.write_text(RECORDED.replace(*damage))
    with pytest.raises(ToolError, match=r"x\.seq is damaged"):
        read_seq(path)


def test_rows_are_counted_from_the_first_of_the_file() -> None:
    height = 101
    angle = 0.01
    h = np.array([[np.cos(angle), -np.sin(angle), 3.0], [np.sin(angle), np.cos(angle), -2.0], [0, 0, 1]])
    x, row = 12.0, 30.0
    shown = h @ [x, height - 1 - row, 1]
    mapped = file_matrix(h, height) @ [x, row, 1]
    np.testing.assert_allclose(mapped, [shown[0], height - 1 - shown[1], 1])


def test_a_star_list_gives_pixels_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.lst"
    path.write_text("# 1 stars\n1\t0\t0.1\t0.2\t-1\t 68.40\t 14.71\t3\t3\n")
    np.testing.assert_allclose(read_stars(path, 160), [[67.9, 144.79]])
    assert read_stars(tmp_path / "none.lst", 160).shape == (0, 2)
