"""Formats other than FITS: what independent programs wrote is read as it was written, and damaged files are named."""

from __future__ import annotations

import contextlib
import struct
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import ImageCms

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames
from orchestrator.io.formats import camera_raw
from orchestrator.io.formats.exif import Tags, add_exif, read_tags, sensor_facts
from orchestrator.io.formats.tiff import tone_exponent
from orchestrator.io.frame_path import file_of, frame_path, number_in_file
from orchestrator.session.discovery import MANY_FRAMES, ScanReport, read_frame, scan
from orchestrator.session.model import Role
from tests.format_writers import write_dng, write_ser, write_tiff, write_xisf

SHAPE = (48, 64)
START = datetime(2026, 10, 1, 20, 0, 0)
CARDS = {"EXPTIME": 30.5, "BAYERPAT": "RGGB", "DATE-OBS": "2026-10-01T20:00:00.250", "INSTRUME": "Maker One", "GAIN": 1600}


def mosaic(seed: int = 0) -> NDArray[np.uint16]:
    """A noisy frame with a gradient: the levels of the four colours differ."""
    rng = np.random.default_rng(seed)
    level = 1000 + 4 * np.arange(SHAPE[1]) + np.tile([[0, 400], [400, 900]], (SHAPE[0] // 2, SHAPE[1] // 2))
    return np.clip(rng.normal(level, 30), 0, 65535).astype(np.uint16)


def colour() -> NDArray[np.uint16]:
    return np.stack([mosaic(1), mosaic(2) * 3, mosaic(3) * 7])


def relative() -> NDArray[np.float32]:
    return (mosaic() / 65535).astype(np.float32)


def wide() -> NDArray[np.uint32]:
    return mosaic().astype(np.uint32) * 65537


def by_pixel() -> NDArray[np.uint16]:
    return np.moveaxis(colour(), 0, -1)


def header() -> fits.Header:
    return fits.Header(CARDS)


def first(path: Path) -> Path:
    return frames.frames_in(path)[0][0]


BY_PIXEL: dict[str, Any] = {"photometric": "rgb", "planarconfig": "contig"}
WRITTEN: dict[str, Callable[[Path], tuple[Path, NDArray[Any]]]] = {
    "XISF": lambda p: (write_xisf(p / "a.xisf", mosaic(), header()), mosaic()),
    "XISF in colour": lambda p: (write_xisf(p / "a.xisf", colour(), header()), colour()),
    "XISF float": lambda p: (write_xisf(p / "a.xisf", relative(), header()), mosaic()),
    "XISF 32 bits": lambda p: (write_xisf(p / "a.xisf", wide(), header()), mosaic()),
    **{f"XISF {codec} {shuffle}": lambda p, codec=codec, shuffle=shuffle: (
        write_xisf(p / "a.xisf", colour(), header(), codec=codec, shuffle=shuffle), colour())
       for codec in ("zlib", "lz4", "lz4hc", "zstd") for shuffle in (False, True)},
    "XISF zstd float": lambda p: (write_xisf(p / "a.xisf", relative(), codec="zstd", shuffle=True), mosaic()),
    "XISF zlib 32 bits": lambda p: (write_xisf(p / "a.xisf", wide(), codec="zlib", shuffle=True), mosaic()),
    "SER": lambda p: (write_ser(p / "a.ser", [mosaic(), mosaic(1)], colour=8), mosaic()),
    "SER 8 bits": lambda p: (write_ser(p / "a.ser", [mosaic() >> 8], depth=8), (mosaic() >> 8) * 257),
    "SER RGB": lambda p: (write_ser(p / "a.ser", [by_pixel()], colour=100), colour()),
    "SER BGR": lambda p: (write_ser(p / "a.ser", [np.moveaxis(colour()[::-1], 0, -1)], colour=101), colour()),
    "TIFF": lambda p: (write_tiff(p / "a.tif", mosaic(), header()), mosaic()),
    "TIFF big-endian": lambda p: (write_tiff(p / "a.tif", mosaic(), byteorder=">"), mosaic()),
    "TIFF in planes": lambda p: (write_tiff(p / "a.tiff", colour(), header()), colour()),
    "TIFF by pixels": lambda p: (write_tiff(p / "a.tif", by_pixel(), **BY_PIXEL), colour()),
    "TIFF float": lambda p: (write_tiff(p / "a.tif", relative()), mosaic()),
    "TIFF 32 bits": lambda p: (write_tiff(p / "a.tif", wide()), mosaic()),
    "TIFF deflate": lambda p: (write_tiff(p / "a.tif", mosaic(), header(), compression="zlib"), mosaic()),
    "TIFF tiles": lambda p: (write_tiff(p / "a.tif", mosaic(), tile=(16, 16)), mosaic()),
    "DNG": lambda p: (write_dng(p / "a.dng", mosaic(), header(), black=512, white=16383), mosaic()),
    "lossless DNG": lambda p: (write_dng(p / "a.dng", mosaic(), header(), black=512, white=16383, lossless=True), mosaic()),
    "FITS cube": lambda p: (cube(p / "a.fits"), mosaic()),
    "compressed FITS cube": lambda p: (cube(p / "a.fits.fz", packed=True), mosaic()),
}


def cube(path: Path, *, packed: bool = False) -> Path:
    data = np.stack([mosaic(k) for k in range(5)])
    units = [fits.PrimaryHDU(), fits.CompImageHDU(data, header())] if packed else [fits.PrimaryHDU(data, header())]
    fits.HDUList(units).writeto(path)
    return path


@pytest.mark.parametrize("name", WRITTEN)
def test_pixels_are_those_that_another_program_wrote(tmp_path: Path, name: str) -> None:
    file, wanted = WRITTEN[name](tmp_path)
    path = first(file)
    found, layout = frames.header_and_layout(path)
    assert fits_io.image_shape(path, found) == wanted.shape and frames.is_packed(path) == (layout is None)
    plain = fits_io.image_layout(frames.as_fits(path, tmp_path / "plain"))
    assert np.allclose(plain.read() * 65535, wanted, atol=0.01)
    assert layout is not None or plain.bitpix == found["BITPIX"]
    if layout is not None:
        whole = layout.read()
        assert np.allclose(whole * 65535, wanted, atol=0.01)
        assert np.array_equal(layout.read(7, 20), whole[..., 7:20, :]), "rows"
        assert np.array_equal(frames.image_layout(path).read(40, 99), whole[..., 40:, :])
    with frames.opened(path) as either:
        assert np.allclose(either.read(keep_nan=True) * 65535, wanted, atol=0.01)
    assert file_of(path) == file


def test_large_pictures_are_read_in_parts(tmp_path: Path) -> None:
    data = np.random.default_rng(0).integers(0, 65535, (400, 900, 3), dtype=np.uint16)
    layout = frames.image_layout(write_tiff(tmp_path / "a.tif", data, **BY_PIXEL))
    assert np.array_equal(np.rint(layout.read() * 65535), np.moveaxis(data, -1, 0))


@pytest.mark.parametrize("name", ["XISF", "TIFF", "DNG", "FITS cube", "XISF zstd True"])
def test_facts_come_from_the_file(tmp_path: Path, name: str) -> None:
    found = frames.read_header(first(WRITTEN[name](tmp_path)[0]))
    assert (found["EXPTIME"], found["INSTRUME"], found["DATE-OBS"]) == (30.5, "Maker One", "2026-10-01T20:00:00.250")
    assert found.get("GAIN", found.get("ISOSPEED")) == 1600 and found["BAYERPAT"] == "RGGB"


def test_properties_stand_in_for_keywords_that_xisf_lacks(tmp_path: Path) -> None:
    path = write_xisf(tmp_path / "a.xisf", mosaic(), fits.Header({"EXPTIME": 7.0}))
    extra = (b'<Property id="Instrument:Telescope:FocalLength" type="Float32" value="0.4"/>'
             b'<Property id="Instrument:ExposureTime" type="Float32" value="9"/>'
             b'<ColorFilterArray pattern="GBRG" width="2" height="2"/>')
    found = frames.read_header(_with_xml(path, b"<FITSKeyword", extra + b"<FITSKeyword"))
    assert (found["FOCALLEN"], found["EXPTIME"], found["BAYERPAT"]) == (400, 7.0, "GBRG")


def _with_xml(path: Path, old: bytes, new: bytes) -> Path:
    """The file with a part of its XML header replaced, in the space that is left before the pixels."""
    data = path.read_bytes()
    length = struct.unpack("<I", data[8:12])[0]
    xml = data[16: 16 + length].rstrip(b"\0")
    assert old in xml
    xml = xml.replace(old, new, 1)
    position = frames.image_layout(path).data_offset
    assert len(xml) <= position - 16
    path.write_bytes(data[:8] + struct.pack("<I", len(xml)) + data[12:16] + xml.ljust(position - 16, b"\0") + data[position:])
    return path


def test_xisf_samples_by_pixel_and_in_big_endian_order(tmp_path: Path) -> None:
    path = write_xisf(tmp_path / "a.xisf", colour())
    layout = frames.image_layout(path)
    data = path.read_bytes()[: layout.data_offset]
    path.write_bytes(data + by_pixel().astype(">u2").tobytes())
    _with_xml(path, b"<Image ", b'<Image pixelStorage="Normal" byteOrder="big" ')
    assert np.array_equal(np.rint(frames.image_layout(path).read() * 65535), colour())


# --- SER


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("flag", [0, 1])
def test_pixels_show_the_byte_order_of_ser(tmp_path: Path, order: str, flag: int) -> None:
    path = first(write_ser(tmp_path / "a.ser", [mosaic()], order=order, flag=flag))
    assert np.array_equal(np.rint(frames.image_layout(path).read() * 65535), mosaic())


@pytest.mark.parametrize("flag", [0, 1])
def test_the_flag_decides_where_pixels_do_not(tmp_path: Path, flag: int) -> None:
    even = np.full(SHAPE, 0x1234, np.uint16)
    path = first(write_ser(tmp_path / "a.ser", [even], order="<>"[flag], flag=flag))
    assert np.array_equal(np.rint(frames.image_layout(path).read() * 65535), even)


def test_frames_of_ser_have_their_times(tmp_path: Path) -> None:
    times = [START + timedelta(seconds=7.5 * k) for k in range(3)]
    paths, remark = frames.frames_in(write_ser(tmp_path / "a.ser", [mosaic(k) for k in range(3)], times=times, depth=12))
    assert [p.name for p in paths] == ["a.ser#0001", "a.ser#0002", "a.ser#0003"] and not remark
    found = [frames.read_header(p) for p in paths]
    assert [h["DATE-OBS"] for h in found] == [t.isoformat(timespec="milliseconds") for t in times]
    assert {h["SATURATE"] for h in found} == {4095} and {h["INSTRUME"] for h in found} == {"Camera"}


def test_values_above_the_stated_depth_are_no_saturation(tmp_path: Path) -> None:
    shifted = write_ser(tmp_path / "a.ser", [mosaic() << 4], depth=12)
    assert "SATURATE" not in frames.read_header(first(shifted))


@pytest.mark.parametrize("stated", [3, 0])
def test_a_recording_that_was_cut_keeps_its_complete_frames(tmp_path: Path, stated: int) -> None:
    path = write_ser(tmp_path / "a.ser", [mosaic(k) for k in range(3)], stated=stated)
    path.write_bytes(path.read_bytes()[:-100])
    paths, remark = frames.frames_in(path)
    assert len(paths) == 2 and (str(path) in remark) == bool(stated)
    with pytest.raises(InputError, match="no number 3"):
        frames.header_and_layout(frame_path(path, 2))


def test_the_path_of_a_frame_names_file_and_number() -> None:
    path = frame_path(Path("/data/night.SER"), 11)
    assert path.name == "night.SER#0012" and file_of(path) == Path("/data/night.SER") and number_in_file(path) == 11
    for plain in (Path("/data/night#1/a.fit"), Path("/data/a#1"), Path("/data/a.fit")):
        assert file_of(plain) == plain and number_in_file(plain) is None


# --- TIFF


def linear_profile(gamma: float) -> bytes:
    """An ICC profile with one tone curve (ICC.1:2022, 7.2 and 10.6)."""
    curve = struct.pack(">4s4xIH2x", b"curv", 1, round(256 * gamma))
    return bytes(128) + struct.pack(">I4sII", 1, b"rTRC", 144, len(curve)) + curve


def test_the_tone_curve_of_a_profile_is_measured() -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert 1.8 < (tone_exponent(screen) or 0) < 2.6
    assert tone_exponent(linear_profile(1.0)) == 1 and tone_exponent(linear_profile(2.2)) == pytest.approx(2.2, abs=0.01)
    assert tone_exponent(b"") is None and tone_exponent(screen[:140]) is None


def test_tiff_that_is_no_linear_light_is_refused(tmp_path: Path) -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cases = {"profile": write_tiff(tmp_path / "a.tif", colour(), iccprofile=screen),
             "8 bits": write_tiff(tmp_path / "b.tif", (mosaic() >> 8).astype(np.uint8)),
             "samples for each pixel": write_tiff(tmp_path / "c.tif", np.stack([mosaic()] * 4, -1), photometric="rgb",
                                                  planarconfig="contig", extrasamples=["unassalpha"])}
    for text, path in cases.items():
        with pytest.raises(InputError, match=text) as error:
            frames.header_and_layout(path)
        assert str(path) in error.value.message and error.value.remedy
    linear = write_tiff(tmp_path / "d.tif", colour(), iccprofile=linear_profile(1.0))
    assert np.array_equal(np.rint(frames.image_layout(linear).read() * 65535), colour())


def test_a_compression_that_cannot_be_unpacked_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiff(tmp_path / "a.tif", mosaic(), compression="zlib")
    data = bytearray(path.read_bytes())
    at = data.find(struct.pack("<HHIH", 259, 3, 1, 8))
    data[at + 8] = 5  # LZW
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"LZW|cannot be read") as error:
        frames.as_fits(path, tmp_path / "plain")
    assert str(path) in error.value.message


# --- raw files of cameras


def test_raw_pixels_are_as_the_camera_stored_them(tmp_path: Path) -> None:
    path = write_dng(tmp_path / "a.dng", mosaic(), header(), black=512, white=16383, orientation=6)
    found = frames.read_header(path)
    assert (found["SATURATE"], found["BLACKLEV"]) == (16383, 512)
    assert (found["NAXIS1"], found["NAXIS2"]) == SHAPE[::-1], "not turned"
    with frames.opened(path) as layout:
        assert np.array_equal(np.rint(layout.read() * 65535), mosaic()), "neither black level nor white balance"


@pytest.mark.parametrize(("top", "left"), [(0, 0), (2, 4), (3, 5), (1, 0)])
def test_the_pattern_is_that_of_the_visible_pixels(tmp_path: Path, top: int, left: int) -> None:
    """LibRaw may show less than the active area of the sensor; red stays where it is."""
    rows, columns = 96, 128
    data = (np.arange(rows * columns) % 16000).reshape(rows, columns).astype(np.uint16)
    write_dng(tmp_path / "a.dng", data, area=(top, rows, left, columns))
    with frames.opened(tmp_path / "a.dng") as layout:
        corner = int(np.rint(layout.read(0, 1)[0, 0] * 65535))
    row, column = np.argwhere(data == corner)[0]
    wanted = [["RGGB", "GRBG"], ["GBRG", "BGGR"]][(row - top) % 2][(column - left) % 2]
    assert frames.read_header(tmp_path / "a.dng")["BAYERPAT"] == wanted


def test_a_raw_file_is_opened_once_for_header_and_once_for_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Path] = []

    @contextlib.contextmanager
    def opened(path: Path) -> Iterator[Any]:
        decoded.append(path)
        with decode(path) as raw:
            yield raw

    decode = camera_raw._opened
    monkeypatch.setattr(camera_raw, "_opened", opened)
    (tmp_path / "lights").mkdir()
    paths = [write_dng(tmp_path / f"lights/{k}.dng", mosaic(k), header()) for k in range(3)]
    look(tmp_path)
    decoded.clear()  # of the scan: the header of each, and the pixels that linearity is judged by
    for path in paths:
        frames.as_fits(path, tmp_path / "plain")
    assert decoded == paths
    write_dng(paths[0], mosaic(7), header(), white=4095)
    assert frames.read_header(paths[0])["SATURATE"] == 4095, "a file that has changed is read again"


def test_frames_of_one_camera_are_decoded_for_their_pixels_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pattern is known to rawpy only after it has decoded a frame: that is done once, and again for what differs."""
    decoded: list[str] = []

    def pattern(path: Path, raw: Any) -> str:
        decoded.append(path.name)
        return found(path, raw)

    found = camera_raw._pattern
    monkeypatch.setattr(camera_raw, "_pattern", pattern)
    monkeypatch.setattr(camera_raw, "_known", {})
    other = header()
    other["EXPTIME"] = 7.0
    for name, cards, options in (("a", header(), {}), ("b", header(), {}), ("c", header(), {"pattern": "GBRG"}),
                                 ("d", header(), {"white": 16383}), ("e", other, {}), ("f", header(), {"pattern": "GRBG"})):
        write_dng(tmp_path / f"{name}.dng", mosaic(), cards, **options)
    patterns = [frames.read_header(tmp_path / f"{name}.dng")["BAYERPAT"] for name in "abcdef"]
    assert patterns == ["RGGB", "RGGB", "GBRG", "RGGB", "RGGB", "GRBG"]
    assert decoded == ["a.dng", "c.dng", "d.dng", "e.dng", "f.dng"]


def test_packed_frames_are_unpacked_once_for_each_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[Path] = []

    def pixels(path: Path) -> Any:
        unpacked.append(path)
        return decode(path)

    decode = camera_raw.pixels
    monkeypatch.setattr(camera_raw, "pixels", pixels)
    (tmp_path / "other").mkdir()
    first, second = (write_dng(tmp_path / name, mosaic(k), header()) for k, name in enumerate(("a.dng", "other/a.dng")))
    copies = [frames.plain_copy(path, tmp_path / "work") for path in (first, first, second)]
    assert unpacked == [first, second] and copies[0] == copies[1] != copies[2]
    write_dng(first, mosaic(5), header(), white=4095)
    changed = fits_io.image_layout(frames.plain_copy(first, tmp_path / "work"))
    assert np.array_equal(np.rint(changed.read() * 65535), mosaic(5))
    assert not list((tmp_path / "work").glob("unpacking-*"))
    with pytest.raises(InputError, match=r"gone\.dng"):
        frames.plain_copy(tmp_path / "gone.dng", tmp_path / "work")


def test_x_trans_and_other_mosaics_are_named(tmp_path: Path) -> None:
    (tmp_path / "lights").mkdir()
    for k in range(3):
        write_dng(tmp_path / f"lights/{k}.dng", mosaic(k), pattern="GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG")
    with pytest.raises(InputError, match="X-Trans"):
        scan([tmp_path], RunConfig.model_validate({"input": {"min_frames": 3}}))


def test_the_missing_decoder_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lights").mkdir()
    path = write_dng(tmp_path / "lights/a.dng", mosaic())
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(InputError, match="not installed") as error:
        frames.header_and_layout(path)
    assert "pip install" in error.value.remedy
    with pytest.raises(InputError, match="not installed") as error:
        look(tmp_path)
    assert "pip install" in error.value.remedy


def tiff_structure(entries: list[tuple[int, int, int, bytes]]) -> bytes:
    """A TIFF structure with one directory; values longer than 4 bytes follow it."""
    at = 8 + 2 + 12 * len(entries) + 4
    directory, values = struct.pack("<H", len(entries)), b""
    for tag, kind, count, data in entries:
        directory += struct.pack("<HHI", tag, kind, count)
        directory += data.ljust(4, b"\0") if len(data) <= 4 else struct.pack("<I", at + len(values))
        values += data if len(data) > 4 else b""
    return b"II" + struct.pack("<HI", 42, 8) + directory + bytes(4) + values


CAMERA = [(271, 2, 6, b"Canon\0"), (272, 2, 13, b"Canon EOS R6\0")]
EXIF = [(33434, 5, 1, struct.pack("<II", 30, 1)), (34855, 3, 1, struct.pack("<H", 3200)),
        (36867, 2, 20, b"2026:10:01 22:00:00\0"), (36881, 2, 7, b"+02:00\0"), (37386, 5, 1, struct.pack("<II", 135, 1))]


@pytest.mark.parametrize("kind", ["cr3", "raf"])
def test_the_facts_of_cameras_are_found_in_their_containers(tmp_path: Path, kind: str) -> None:
    if kind == "cr3":
        boxes = [b"CMT1" + tiff_structure(CAMERA), b"CMT2" + tiff_structure(EXIF)]
        data = b"\0\0\0\x18ftypcrx " + bytes(12) + b"".join(struct.pack(">I", len(b) + 4) + b for b in boxes)
    else:
        preview = b"\xff\xd8\xff\xe1\0\0Exif\0\0" + tiff_structure(CAMERA + EXIF)
        data = b"FUJIFILMCCD-RAW ".ljust(84, b"\0") + struct.pack(">II", 100, len(preview)) + bytes(8) + preview
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    found = fits.Header()
    add_exif(found, read_tags(path))
    assert (found["INSTRUME"], found["EXPTIME"], found["ISOSPEED"], found["FOCALLEN"]) == ("Canon EOS R6", 30, 3200, 135)
    assert found["DATE-OBS"] == "2026-10-01T20:00:00.000", "the offset of the clock is known"


def test_the_pattern_of_a_sensor_is_found_in_the_directories_below(tmp_path: Path) -> None:
    """Cameras that write a preview first keep the pattern in the directory of the raw image (tag 330 points to it)."""
    def camera(pattern: bytes) -> Tags:
        below = struct.pack("<HHHI", 1, 33422, 1, 4) + pattern + bytes(4)
        whole = tiff_structure([*CAMERA, (330, 4, 2, struct.pack("<II", 400, 500))]).ljust(400, b"\0")
        path = tmp_path / "a.nef"
        path.write_bytes(whole + struct.pack("<HI", 0, 0).ljust(100, b"\0") + below)
        return read_tags(path)

    facts = [sensor_facts(camera(p)) for p in (b"\0\1\1\2", b"\1\0\2\1", b"\1\2\0\1", b"\1\2\0\1")]
    assert len(set(facts)) == 3 and facts[2] == facts[3] is not None
    assert sensor_facts({33422: (0, 1, 1, 2)}) is None, "nothing is known of a camera without a name"


# --- sessions


def look(root: Path, **changes: Any) -> ScanReport:
    return scan([root], RunConfig.model_validate({"input": {"min_frames": 3}, **changes}))


def test_every_frame_of_a_file_is_a_light(tmp_path: Path) -> None:
    for role in ("lights", "darks"):
        (tmp_path / role).mkdir()
    write_ser(tmp_path / "lights/a.ser", [*(mosaic(k) for k in range(4)), mosaic(0)], colour=8)
    cube(tmp_path / "darks/cube.fits")
    session = look(tmp_path).session
    assert [i.path.name for i in session.lights] == [f"a.ser#{k:04d}" for k in range(1, 5)]
    [copy] = [e for e in session.excluded if "copy" in e.reason]
    assert copy.path.name == "a.ser#0005"
    assert session.cfa == "RGGB" and len(session.frames[Role.DARK]) == 5


def test_of_files_with_one_name_one_is_the_frame(tmp_path: Path) -> None:
    (tmp_path / "lights").mkdir()
    for k in range(3):
        fits.PrimaryHDU(mosaic(k), header()).writeto(tmp_path / f"lights/{k}.fit")
        write_dng(tmp_path / f"lights/{k}.dng", mosaic(k))
        write_tiff(tmp_path / f"lights/{k}.tif", mosaic(k))
    write_tiff(tmp_path / "lights/final.tif", mosaic(9))
    session = look(tmp_path).session
    assert [i.path.name for i in session.lights] == ["0.fit", "1.fit", "2.fit"]
    [picture] = session.excluded
    assert picture.path.name == "final.tif" and "beside frames" in picture.reason and picture.remedy


@pytest.mark.parametrize("suffix", [".xisf", ".ser", ".tif", ".dng", ".cr2", ".raf"])
def test_a_damaged_file_costs_that_file(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "lights").mkdir()
    for k in range(3):
        write_xisf(tmp_path / f"lights/{k}.xisf", mosaic(k), header())
    bad = tmp_path / "lights" / f"bad{suffix}"
    bad.write_bytes(b"\x00\x01 damaged")
    session = look(tmp_path).session
    assert len(session.lights) == 3
    [excluded] = session.excluded
    assert excluded.path == bad and excluded.remedy


def test_files_of_many_frames_wait_for_a_whole_run(tmp_path: Path) -> None:
    problems: list[Any] = []
    assert read_frame(write_ser(tmp_path / "a.ser", [mosaic()]), tmp_path, RunConfig(), problems) is None
    assert problems[0].reason == MANY_FRAMES and "orchestrate run" in problems[0].remedy
