"""Headers compared with pixels when a session is scanned: order of rows, colour mosaic, format of samples, exposures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.session.card_values import exposure_of, number_of
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.master_library import save_to_library
from orchestrator.session.model import FrameInfo, Role
from orchestrator.session.row_order import as_read, read_like
from tilecore.calibrate.row_agreement import row_agreement
from tilecore.cfa.phases import X_TRANS, mosaic_evidence

SHAPE = (240, 288)
Image = NDArray[np.float64]


class Sensor:
    """Bias structure, hot pixels and the sensitivity of the colours."""

    def __init__(self, seed: int = 1, pattern: str = "", shape: tuple[int, int] = SHAPE) -> None:
        self.random = np.random.default_rng(seed)
        self.shape = shape
        self.bias = 500 + self.random.normal(0, 3, shape)
        self.hot = np.zeros(shape)
        self.hot[self.random.integers(0, shape[0], 200), self.random.integers(0, shape[1], 200)] = 800
        self.sensitivity = np.ones(shape)
        if pattern == "xtrans":
            cell = np.array([[{"R": 0.5, "G": 1.0, "B": 0.7}[c] for c in row] for row in X_TRANS])
            self.sensitivity = np.tile(cell, (shape[0] // 6 + 1, shape[1] // 6 + 1))[: shape[0], : shape[1]]
        elif pattern:
            for k, colour in enumerate(pattern):
                self.sensitivity[k // 2:: 2, k % 2:: 2] = {"R": 0.5, "G": 1.0, "B": 0.7}[colour]

    def expose(self, level: float = 0.0, seconds: float = 60.0) -> Image:
        light = self.random.poisson(level * self.sensitivity)
        return np.asarray(np.round(self.bias + light + self.hot * seconds / 60 + self.random.normal(0, 4, self.shape)))


def save(path: Path, image: Image, kind: str = "Light Frame", dtype: str = "u2", **cards: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = fits.Header({"IMAGETYP": kind, "EXPTIME": 60.0, "INSTRUME": "camera"})
    for key, value in cards.items():
        header[key.replace("_", "-")] = value
    fits.writeto(path, image.astype(dtype), header)
    return path


def look(root: Path, **settings: Any) -> ScanReport:
    return scan([root], RunConfig.model_validate(settings))


def pixels(info: FrameInfo) -> NDArray[np.float32]:
    return np.asarray(np.rint(as_read(info, fits_io.image_layout(info.path)).read() * np.float32(65535)))


# --- order of rows


@pytest.mark.parametrize("rows", [SHAPE[0], SHAPE[0] + 1])
@pytest.mark.parametrize("word", ["BOTTOM-UP", "bottom up"])
def test_calibration_frames_with_the_other_row_order_are_reversed(tmp_path: Path, rows: int, word: str) -> None:
    sensor = Sensor(shape=(rows, SHAPE[1]))
    lights = [sensor.expose(300) for _ in range(3)]
    for i, light in enumerate(lights):
        save(tmp_path / f"lights/{i}.fits", light, ROWORDER="TOP-DOWN")
    dark = sensor.expose()
    for i in range(3):
        save(tmp_path / f"darks/{i}.fits", dark[::-1], "Dark", ROWORDER=word)
    report = look(tmp_path)
    assert np.array_equal(pixels(report.session.frames[Role.DARK][0]), dark)
    assert np.array_equal(pixels(report.session.lights[0]), lights[0])
    assert any("ROWORDER of 3 dark frames" in note for note in report.session.notes)


def test_one_light_with_the_other_row_order_is_reversed_with_its_pattern(tmp_path: Path) -> None:
    sensor = Sensor(pattern="RGGB")
    images = [sensor.expose(300) for _ in range(4)]
    for i, image in enumerate(images):
        stored, order = (image[::-1], "BOTTOM-UP") if i == 2 else (image, "TOP-DOWN")
        save(tmp_path / f"lights/{i}.fits", stored, BAYERPAT="RGGB", ROWORDER=order)
    session = look(tmp_path).session
    assert [i.cfa for i in session.lights] == ["RGGB"] * 4
    assert all(np.array_equal(pixels(i), images[int(i.path.stem)]) for i in session.lights)


def test_rows_can_be_read_in_part_when_they_are_reversed(tmp_path: Path) -> None:
    sensor = Sensor()
    image = sensor.expose(300)
    layout = fits_io.image_layout(save(tmp_path / "a.fits", image))
    turned = replace(layout, flipped=True)
    assert np.array_equal(turned.read(10, 37), layout.read()[::-1][10:37])


def test_frames_without_roworder_follow_their_pixels(tmp_path: Path) -> None:
    """No header has the card; bias and hot pixels prove that the darks are upside down, and that the biases are not."""
    sensor = Sensor()
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300))
        save(tmp_path / f"darks/{i}.fits", sensor.expose()[::-1], "Dark")
        save(tmp_path / f"biases/{i}.fits", sensor.expose(seconds=0), "Bias")
    session = look(tmp_path).session
    assert all(i.reading.flipped for i in session.frames[Role.DARK])
    assert not any(i.reading.flipped for i in session.frames[Role.BIAS])
    assert any("dark frames (" in w and "reversed" in w for w in session.warnings)


def test_pixels_overrule_a_wrong_roworder(tmp_path: Path) -> None:
    sensor = Sensor()
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), ROWORDER="TOP-DOWN")
        save(tmp_path / f"darks/{i}.fits", sensor.expose(), "Dark", ROWORDER="BOTTOM-UP")
    session = look(tmp_path).session
    assert not any(i.reading.flipped for i in session.frames[Role.DARK])
    assert any("BOTTOM-UP" in w for w in session.warnings)


def test_a_matching_session_has_no_word_about_rows(tmp_path: Path) -> None:
    sensor = Sensor()
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300))
        save(tmp_path / f"darks/{i}.fits", sensor.expose(), "Dark")
    session = look(tmp_path).session
    assert not session.warnings
    assert not session.notes


def test_structure_that_is_the_same_in_both_orders_decides_nothing() -> None:
    columns = np.tile(np.random.default_rng(1).normal(0, 5, 200), (150, 1)).astype(np.float32)
    noise = [np.random.default_rng(s).normal(0, 2, columns.shape).astype(np.float32) for s in (2, 3)]
    assert not row_agreement(columns + noise[0], columns + noise[1]).is_opposite


def test_a_master_in_the_library_keeps_the_order_of_its_rows(tmp_path: Path) -> None:
    sensor = Sensor(pattern="GRBG")
    for i in range(3):
        save(tmp_path / f"s/lights/{i}.fits", sensor.expose(300), BAYERPAT="GRBG", ROWORDER="BOTTOM-UP")
        save(tmp_path / f"s/darks/{i}.fits", sensor.expose(), "Dark", BAYERPAT="GRBG", ROWORDER="BOTTOM-UP")
    darks = look(tmp_path / "s", input={"bayer_pattern": "mono"}).session.frames[Role.DARK]
    path = save_to_library(tmp_path / "library", Role.DARK, darks[0].path, darks)
    assert path is not None
    assert fits.getheader(path)["ROWORDER"] == "BOTTOM-UP"


def test_a_later_light_is_read_as_its_session_is(tmp_path: Path) -> None:
    sensor = Sensor()
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), ROWORDER="TOP-DOWN" if i else "BOTTOM-UP")
    first, *others = look(tmp_path).session.lights
    later = FrameInfo(first.path, Role.LIGHT, first.shape, camera="camera", top_down=False, row_order_known=True)
    assert first.reading.flipped
    assert read_like(later, others[0]).reading.flipped
    assert not read_like(FrameInfo(first.path, Role.LIGHT, first.shape, camera="camera"), others[0]).reading.flipped


# --- colour mosaic


def test_a_mosaic_without_bayerpat_is_refused_with_its_levels(tmp_path: Path) -> None:
    sensor = Sensor(pattern="RGGB")
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300))
    with pytest.raises(InputError) as caught:
        look(tmp_path)
    text = f"{caught.value.message} {caught.value.remedy}"
    assert "BAYERPAT" in text
    assert "0.fits" in text
    assert "input.bayer_pattern=RGGB or BGGR" in text
    assert look(tmp_path, input={"bayer_pattern": "RGGB"}).session.cfa == "RGGB"
    assert look(tmp_path, input={"bayer_pattern": "mono"}).session.cfa is None


def test_a_light_without_bayerpat_among_others_takes_theirs(tmp_path: Path) -> None:
    sensor = Sensor(pattern="GBRG")
    for i in range(4):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), **({"BAYERPAT": "GBRG"} if i else {}))
    session = look(tmp_path).session
    assert len(session.lights) == 4
    assert not session.excluded


def test_a_pattern_whose_greens_are_elsewhere_is_refused(tmp_path: Path) -> None:
    sensor = Sensor(pattern="RGGB")
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), BAYERPAT="GRBG")
    with pytest.raises(InputError, match="other diagonal"):
        look(tmp_path)
    warnings = look(tmp_path, input={"bayer_pattern": "GBRG"}).session.warnings
    assert any("other diagonal" in w for w in warnings)


@pytest.mark.parametrize(("order", "offset"), [("TOP-DOWN", 0), ("BOTTOM-UP", 0), ("TOP-DOWN", 1), ("BOTTOM-UP", 1)])
def test_right_patterns_pass_whatever_the_row_order_and_offset(tmp_path: Path, order: str, offset: int) -> None:
    sensor = Sensor(pattern="GBRG" if offset != (order == "BOTTOM-UP") else "RGGB")
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), BAYERPAT="RGGB", ROWORDER=order, YBAYROFF=offset)
    assert len(look(tmp_path).session.lights) == 3


def test_x_trans_is_recognised_by_its_card_and_by_its_pixels(tmp_path: Path) -> None:
    sensor = Sensor(pattern="xtrans")
    for name, cards in (("card", {"BAYERPAT": "XTRANS"}), ("colours", {"BAYERPAT": "".join(X_TRANS)}), ("pixels", {})):
        for i in range(3):
            save(tmp_path / name / f"lights/{i}.fits", sensor.expose(300), **cards)
        with pytest.raises(InputError, match="X-Trans"):
            look(tmp_path / name)


def test_a_mono_frame_of_a_telescope_with_a_colour_sensor_is_mono(tmp_path: Path) -> None:
    mono, colour = Sensor(), Sensor(pattern="GRBG")
    for i in range(3):
        save(tmp_path / f"mono/lights/{i}.fits", mono.expose(300), INSTRUME="Seestar S50")
        save(tmp_path / f"colour/lights/{i}.fits", colour.expose(300), INSTRUME="Seestar S50")
    report = look(tmp_path / "mono")
    assert report.session.cfa is None
    assert any("stacked as mono" in note for note in report.session.notes)
    assert look(tmp_path / "colour").session.cfa == "GRBG"


@pytest.mark.parametrize("level", [20, 300, 20000])
def test_mono_frames_and_readout_channels_are_not_mosaics(level: float) -> None:
    image = Sensor().expose(level).astype(np.float32)
    assert mosaic_evidence(image).kind in ("none", "")
    image[:, ::2] += 0.02 * level + 8
    assert mosaic_evidence(image).kind == ""
    image[::2] += 0.01 * level + 5
    assert mosaic_evidence(image).kind == ""


@pytest.mark.parametrize(("pattern", "greens"), [("RGGB", "anti"), ("BGGR", "anti"), ("GRBG", "main"), ("GBRG", "main")])
@pytest.mark.parametrize("level", [20, 300, 20000])
def test_the_greens_of_a_mosaic_are_found(pattern: str, greens: str, level: float) -> None:
    found = mosaic_evidence(Sensor(pattern=pattern).expose(level).astype(np.float32))
    assert (found.kind, found.greens) == ("bayer", greens)
    assert pattern in found.patterns


# --- format of the samples


def stars(sensor: Sensor, peak: float = 60000) -> Image:
    image = sensor.expose(300)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    for cy, cx in ((60, 80), (150, 200)):
        image += peak * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 8)
    return np.clip(np.round(image), 0, 65535)


def test_samples_without_bzero_are_read_as_unsigned(tmp_path: Path) -> None:
    sensor = Sensor()
    images = [stars(sensor) for _ in range(3)]
    for i, image in enumerate(images):
        save(tmp_path / f"lights/{i}.fits", image.astype(np.uint16).view(np.int16), dtype="i2")
    session = look(tmp_path).session
    assert all(np.array_equal(pixels(i), images[int(i.path.stem)]) for i in session.lights)
    assert any("BZERO" in w and "0.fits" in w for w in session.warnings)


def test_a_lost_bzero_is_restored(tmp_path: Path) -> None:
    sensor = Sensor()
    images = [stars(sensor) for _ in range(3)]
    for i, image in enumerate(images):
        save(tmp_path / f"lights/{i}.fits", image - 32768, dtype="i2")
    session = look(tmp_path).session
    assert np.array_equal(pixels(session.lights[0]), images[0])
    assert any("BZERO = 32768" in w for w in session.warnings)


def test_negative_values_of_calibrated_frames_stay(tmp_path: Path) -> None:
    sensor = Sensor()
    image = sensor.expose(20) - 520
    image[10, 10] = -5000  # a hot pixel of the dark
    for i in range(3):
        image[20, 20] = i
        save(tmp_path / f"lights/{i}.fits", image, dtype="i2")
    session = look(tmp_path).session
    assert np.array_equal(pixels(session.lights[2]), image)
    assert not session.warnings


def test_the_unit_of_float_frames_is_decided_for_all_of_a_kind(tmp_path: Path) -> None:
    """A calibrated frame without stars has values below 4 only; the other frames show that they are ADU."""
    random = np.random.default_rng(3)
    for i in range(4):
        image = random.normal(0.5, 0.4, SHAPE)
        if i:
            image[100:104, 100:104] += 900
        save(tmp_path / f"lights/{i}.fits", image, dtype="f4")
    units = {i.reading.unit for i in look(tmp_path).session.lights}
    assert units == {1 / 65535}


def test_float_frames_of_two_units_are_each_read_in_theirs(tmp_path: Path) -> None:
    sensor = Sensor()
    for i in range(4):
        save(tmp_path / f"lights/{i}.fits", stars(sensor) / (65535 if i == 3 else 1), dtype="f4")
    session = look(tmp_path).session
    assert all(450 < np.median(pixels(i)) < 900 for i in session.lights)
    assert any("values from 0 to 1 (lights/3.fits)" in w for w in session.warnings)


def test_blank_integers_are_no_numbers(tmp_path: Path) -> None:
    image = Sensor().expose(300)
    image[:5] = -32768
    path = save(tmp_path / "a.fits", image, dtype="i2", BLANK=-32768)
    data = fits_io.image_layout(path).read(keep_nan=True)
    assert np.isnan(data[:5]).all()
    assert np.isfinite(data[5:]).all()
    assert (fits_io.image_layout(path).read()[:5] == 0).all()


# --- exposures


@pytest.mark.parametrize(("cards", "seconds"), [
    ({"EXPTIME": "60,0"}, 60.0), ({"EXPTIME": 0.0, "EXPOSURE": 60.0}, 60.0), ({"EXPTIME": (60000.0, "[ms] exposure")}, 60.0),
    ({"EXPTIME": "60 s"}, 60.0), ({"EXPTIME": "60000ms"}, 60.0), ({"EXPTIME": 60000, "EXPOSURE": 60.0}, 60.0),
    ({"EXPTIME": 60.0, "EXPOSURE": 60000}, 60.0), ({"EXPTIME": (1.0, "[min]")}, 60.0), ({"EXPTIME": 0.0}, 0.0), ({}, None),
    ({"EXPTIME": "unknown"}, None), ({"EXPTIME": 60.0, "EXPOSURE": 30.0}, 60.0), ({"EXPTIME": (60.0, "[s] sum of subs")}, 60.0),
    ({"EXPTIME": (60.0, "Exposure time in seconds")}, 60.0), ({"EXPTIME": (6e7, "exposure in us")}, 60.0)])
def test_exposures_in_odd_shapes(cards: dict[str, Any], seconds: float | None) -> None:
    found = exposure_of(fits.Header(list((k, *v) if isinstance(v, tuple) else (k, v) for k, v in cards.items())))
    assert found == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(("value", "number"), [("1,5", 1.5), (" -10.0 C", -10.0), ("1.0D2", 100.0), ("12h", None),
                                               ("12:30:00", None), (True, None), ("", None), (float("nan"), None), ("3", 3.0)])
def test_numbers_in_odd_spellings(value: object, number: float | None) -> None:
    assert number_of(value) == number


def test_exposures_a_thousand_times_those_of_their_siblings_are_doubted(tmp_path: Path) -> None:
    sensor = Sensor()
    for i in range(4):
        save(tmp_path / f"lights/{i}.fits", sensor.expose(300), EXPTIME=2000.0 if i == 3 else 2.0)
    session = look(tmp_path).session
    assert [i.exposure for i in session.lights] == [2.0] * 4
    assert any("3.fits" in w and "2000 s" in w for w in session.warnings)


def test_exposures_longer_than_a_night_are_milliseconds(tmp_path: Path) -> None:
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", Sensor(i).expose(300), EXPTIME=60000.0)
    session = look(tmp_path).session
    assert {i.exposure for i in session.lights} == {60.0}
    assert any("60000 s" in w for w in session.warnings)


# --- files


def test_files_of_other_formats_are_named(tmp_path: Path) -> None:
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", Sensor(i).expose(300))
        (tmp_path / f"lights/{i}.nef").write_bytes(b"raw")  # the original of the FITS file
        (tmp_path / f"lights/{i}_thn.jpg").write_bytes(b"x")  # its preview
    for name in ("darks/master.xisf", "biases/a.CR2", "biases/b.HEIC", "flats/c.mp4", "flats/d.zip", "lights/preview.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    session = look(tmp_path).session
    assert {e.path.name for e in session.excluded} == {"master.xisf", "a.CR2"}
    assert all(str(e.path) in e.reason and e.remedy for e in session.excluded)
    [warning] = session.warnings
    assert all(text in warning for text in ("1 .mp4 in flats/", "1 .zip in flats/", "Unpack", "record SER"))
    assert not any(text in warning for text in ("nef", "jpg", "HEIC")), "copies and single previews"


def test_pictures_without_frames_are_no_linear_light(tmp_path: Path) -> None:
    (tmp_path / "lights").mkdir()
    for i in range(3):
        (tmp_path / f"lights/{i}.heic").write_bytes(b"x")
        (tmp_path / f"lights/{i}.JPG").write_bytes(b"x")
    with pytest.raises(InputError, match="not linear light") as error:
        look(tmp_path)
    assert "3 .JPG in lights/" in error.value.message and "3 .heic in lights/" in error.value.message


def test_a_link_to_itself_costs_that_link(tmp_path: Path) -> None:
    for i in range(3):
        save(tmp_path / f"lights/{i}.fits", Sensor(i).expose(300))
    (tmp_path / "lights" / "loop.fits").symlink_to("loop.fits")
    (tmp_path / "lights" / "circle").symlink_to("circle")
    session = look(tmp_path).session
    assert len(session.lights) == 3
    assert [e.path.name for e in session.excluded] == ["loop.fits"]


def compressed(path: Path, image: Image, header: fits.Header) -> None:
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(image.astype(np.uint16), header)]).writeto(path)


def compressed_float(path: Path, image: Image, header: fits.Header) -> None:
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(image.astype(np.float32), header, compression_type="GZIP_2",
                                                       quantize_level=0)]).writeto(path)


def behind_a_table(path: Path, image: Image, header: fits.Header) -> None:
    table = fits.BinTableHDU.from_columns([fits.Column("a", "PE()", array=np.array([np.arange(9), np.arange(5)], object))])
    fits.HDUList([fits.PrimaryHDU(header=header), table, fits.ImageHDU(image.astype(np.uint16))]).writeto(path)


@pytest.mark.parametrize("write", [compressed, compressed_float, behind_a_table])
def test_the_content_of_a_file_decides_where_its_picture_is(tmp_path: Path, write: Callable[..., None]) -> None:
    image = Sensor().expose(300)
    for i in range(3):
        (tmp_path / "lights").mkdir(exist_ok=True)
        write(tmp_path / f"lights/{i}.fits", image + i, fits.Header({"EXPTIME": 42.0, "OBJECT": "M 31"}))
    info = look(tmp_path).session.lights[0]
    assert (info.shape, info.exposure, info.object) == (SHAPE, 42.0, "M 31")
    path = fits_io.decompress(info.path, tmp_path / "plain") if info.decompress else info.path
    assert np.allclose(as_read(info, fits_io.image_layout(path)).read() * 65535, image, atol=0.01)


def test_a_card_without_quotes_is_read_as_text(tmp_path: Path) -> None:
    path = save(tmp_path / "lights/0.fits", Sensor().expose(300), DATE_OBS="2026-10-01T20:00:00")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"DATE-OBS= '2026-10-01T20:00:00'", b"DATE-OBS= 2026-10-01T20:00:00  "))
    assert fits_io.read_header(path)["DATE-OBS"] == "2026-10-01T20:00:00"
