"""Parts of checkpoints: values that come back as they were, fingerprints, notes of running programs, files brought back."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from orchestrator.config.load import dump_config, load_config
from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame
from orchestrator.pipeline.fingerprints import Basis, bases, differences
from orchestrator.rundir.output_files import record_outputs, restorable, restore, snapshot
from orchestrator.rundir.record import absolute_paths
from orchestrator.runtime.serialization import Arrays, decode, encode
from orchestrator.runtime.stored_arrays import StoredArrays, write_arrays
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.process import end_orphans
from tilecore.register.lens import Lens

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner), max_leaves=20)


def back(value: object, base: Path = Path("/run")) -> object:
    arrays: Arrays = {}
    return decode(json.loads(json.dumps(encode(value, arrays, base))), arrays, base)


@given(PLAIN)
def test_plain_values_come_back(value: object) -> None:
    assert back(value) == value


NUMBERS = st.sampled_from([np.float32, np.float64, np.int32, np.uint8, np.bool_])


@given(hnp.arrays(NUMBERS, hnp.array_shapes(max_dims=4, max_side=4)), st.randoms())
def test_arrays_come_back_in_their_order_in_memory(array: np.ndarray, random) -> None:
    axes = list(range(array.ndim))
    random.shuffle(axes)
    turned = array.transpose(axes)
    found = back(turned)
    assert isinstance(found, np.ndarray) and found.dtype == turned.dtype
    assert found.tobytes() == turned.tobytes()
    order = sorted((k for k in range(array.ndim) if turned.shape[k] > 1), key=lambda k: -turned.strides[k])
    assert order == sorted((k for k in range(array.ndim) if found.shape[k] > 1), key=lambda k: -found.strides[k])


@given(st.lists(hnp.arrays(NUMBERS, hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=3)), max_size=8))
def test_joined_arrays_come_back(arrays: list[np.ndarray]) -> None:
    """Whatever their types and shapes are; those of another name are members of their own."""
    stars = np.zeros(3, [("x", "f8"), ("saturated", "?")])
    stars["x"] = 1, 2, 3
    named = {f"a{k}": a for k, a in enumerate([*arrays, stars, stars[:0]])}
    stream = io.BytesIO()
    write_arrays(stream, {"json": np.frombuffer(b"{}", np.uint8), **named})
    stream.seek(0)
    found = StoredArrays(stream)
    assert found["json"].tobytes() == b"{}"
    for name, array in named.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
    with pytest.raises(KeyError):
        found["a99"]


def test_arrays_of_one_type_are_one_member() -> None:
    stream = io.BytesIO()
    write_arrays(stream, {f"a{k}": np.full((k % 5, 2), k, np.float64) for k in range(1000)} | {"a1000": np.ones(1 << 18)})
    stream.seek(0)
    assert sorted(np.load(stream).files) == ["a1000", "g0", "index"]
    assert StoredArrays(stream)["a1000"].sum() == 1 << 18


def test_kinds_of_numbers_are_kept() -> None:
    for value in (np.float32(0.1), np.float64(0.1), np.int64(3), np.bool_(True)):
        assert type(back(value)) is type(value) and back(value) == value
    assert np.isnan(back(float("nan"))) and back(float("inf")) == float("inf")
    stars = np.zeros(3, [("x", "f8"), ("saturated", "?")])
    assert back(stars).dtype == stars.dtype


def test_a_session_comes_back_and_a_run_may_move(tmp_path: Path) -> None:
    light = FrameInfo(tmp_path / "caf\udce9.fit", Role.LIGHT, (4, 6), time=datetime(2026, 3, 1, 21, 30, tzinfo=UTC), filter="Hα")
    session = Session((tmp_path,), "s", {Role.LIGHT: (light,)}, warnings=("one",))
    assert back(session) == session
    arrays: Arrays = {}
    coded = encode([Path("/run/outputs/a.fit"), Path("/raw/b.fit")], arrays, Path("/run"))
    assert decode(coded, arrays, Path("/moved")) == [Path("/moved/outputs/a.fit"), Path("/raw/b.fit")]


def test_a_frame_keeps_its_lens() -> None:
    info = FrameInfo(Path("light.fits"), Role.LIGHT, (480, 720))
    found = back(Frame(0, info, None, np.eye(3), lens=Lens.radial((360.5, 240.25), 432.0, 0.004)))
    assert isinstance(found, Frame) and found.lens is not None and found.lens.centre == (360.5, 240.25)
    points = np.array([[3.0, 5.0], [700.0, 470.0]])
    np.testing.assert_array_equal(found.lens.ideal(points), Lens.radial((360.5, 240.25), 432.0, 0.004).ideal(points))


def test_only_known_types_are_built() -> None:
    with pytest.raises(TypeError):
        encode(object(), {}, Path("/run"))
    with pytest.raises(TypeError):
        encode(np.array([object()]), {}, Path("/run"))
    for wrong in ({"!": "Popen", "fields": {}}, {"!": "FrameInfo", "fields": {"path": "a"}}, {"no": 1}):
        with pytest.raises((KeyError, ValueError)):
            decode(wrong, {}, Path("/run"))


def test_fingerprints_follow_what_a_phase_reads(tmp_path: Path) -> None:
    catalog = tmp_path / "stars.csv"
    catalog.write_text("a")
    config = RunConfig.model_validate({"pcc": {"catalog": str(catalog)}})
    old = bases(config, {"a.fit": (1, 2)})
    assert bases(config, {"a.fit": (1, 2)}) == old
    catalog.write_text("ab")
    new = bases(config, {"a.fit": (1, 2)})
    changed = [name for name in old if old[name].fingerprint != new[name].fingerprint]
    assert changed == ["PCC", "PREVIEW"] and differences(old["PCC"], new["PCC"]) == ["pcc.catalog: the file has changed"]
    moved = bases(config, {"a.fit": (1, 3), "b.fit": (0, 0)})
    assert all(moved[name].fingerprint != new[name].fingerprint for name in new)
    assert differences(new["SCAN_INPUT"], moved["SCAN_INPUT"]) == ["changed in the session: a.fit", "new in the session: b.fit"]
    assert Basis.from_dict(json.loads(json.dumps(new["SCAN_INPUT"].to_dict()))) == new["SCAN_INPUT"]


def test_settings_come_back_from_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = absolute_paths(RunConfig.model_validate({
        "calibration": {"dark_master": "darks/master dark.fit"}, "pcc": {"columns": {"ra": "RA_deg"}},
        "input": {"object": "7000"}, "output": {"preview_matrix": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]},
        "reconstruction": {"target_fwhm": 2.5}}))
    assert config.calibration.dark_master == tmp_path / "darks" / "master dark.fit"
    (tmp_path / "config.yaml").write_text(dump_config(config), encoding="utf-8")
    assert load_config([tmp_path / "config.yaml"]) == config


def test_files_are_brought_back_as_a_phase_left_them(tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    image, text = tmp_path / "outputs" / "a.fits", tmp_path / "outputs" / "b.png"
    fits.writeto(image, np.arange(12, dtype=np.float32).reshape(3, 4))
    text.write_text("first")
    made = record_outputs(tmp_path, {}, tmp_path / "checkpoints" / "ONE")
    contents = [image.read_bytes(), text.read_bytes()]
    assert record_outputs(tmp_path, snapshot(tmp_path), tmp_path / "checkpoints" / "TWO") == []
    with fits.open(image) as file:
        for i in range(40):  # another block of cards
            file[0].header[f"KEY{i}"] = i
        file.writeto(tmp_path / "new.fits")
    (tmp_path / "new.fits").replace(image)
    text.unlink()
    assert all(restorable(tmp_path, m) for m in made)
    for m in made:
        restore(tmp_path, m)
    assert [image.read_bytes(), text.read_bytes()] == contents
    fits.writeto(image, np.ones((3, 4), np.float32), overwrite=True)
    assert [restorable(tmp_path, m) for m in made] == [False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="sleep as POSIX has it")
def test_a_note_ends_its_own_process_and_no_other(tmp_path: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        created = psutil.Process(sleeper.pid).create_time()
        (tmp_path / "old.pid").write_text(json.dumps([sleeper.pid, created - 100]))  # the number has been reused since
        (tmp_path / "damaged.pid").write_text("{")
        assert end_orphans(tmp_path) == 0 and sleeper.poll() is None and not list(tmp_path.iterdir())
        (tmp_path / "siril.pid").write_text(json.dumps([sleeper.pid, created]))
        assert end_orphans(tmp_path) == 1
        assert not psutil.pid_exists(sleeper.pid) and not list(tmp_path.iterdir())
    finally:
        sleeper.kill()
