"""Kernels that come with a wheel: which computers use them, and the wheel that has them."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numba
import pytest
from numba.core import codegen

from tilecore.numerics import processor

NEWER = ",".join(f"+{name}" for name in sorted(processor.FAMILIES["x86-64-v3"])) + ",+avx512f,-sse4a"
OLDER = NEWER.replace("+avx2", "-avx2")


@pytest.mark.parametrize(("family", "features", "own"), [
    ("x86-64-v3", NEWER, True), ("x86-64-v3", OLDER, False), ("x86-64-v3", "", False), ("", NEWER, False),
    ("armv9", NEWER, False)])
def test_a_processor_belongs_to_a_family_if_it_has_all_of_it(family: str, features: str, own: bool) -> None:
    assert processor.fits(family, features) is own


@pytest.mark.parametrize(("built_for", "features", "given", "chosen"), [
    ("x86-64-v3", NEWER, None, "x86-64-v3"), ("x86-64-v3", OLDER, None, None), ("", NEWER, None, None),
    ("x86-64-v3", NEWER, "generic", "generic")])
def test_kernels_are_compiled_for_the_family_of_those_that_came_along(
        built_for: str, features: str, given: str | None, chosen: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "BUILT_FOR", built_for)
    monkeypatch.setattr(numba.config, "CPU_NAME", given)
    monkeypatch.setattr(numba.config, "CPU_FEATURES", None)
    monkeypatch.setattr(codegen, "get_host_cpu_features", lambda: features)
    processor.choose_processor()
    assert chosen == numba.config.CPU_NAME
    assert ("" if chosen and not given else None) == numba.config.CPU_FEATURES


def test_a_checkout_has_no_kernels() -> None:
    assert processor.BUILT_FOR == ""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("wheel_with_kernels", Path(__file__).parents[2] / "scripts" / "wheel_with_kernels.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel without kernels."""
    path = tmp_path / "some-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tilecore/numerics/processor.py", Path(processor.__file__).read_text("utf-8"))
        file.writestr("some-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("some-1.0.dist-info/RECORD", "old")
    return path


def test_a_wheel_gets_kernels_and_stays_a_wheel(script: ModuleType, wheel: Path, tmp_path: Path) -> None:
    made = script.with_kernels(wheel, tmp_path, {"tilecore/__pycache__/a.nbi": b"index"}, "x86-64-v3",
                               "cp311-none-linux_x86_64")
    assert made.name == "some-1.0-cp311-none-linux_x86_64.whl"
    with zipfile.ZipFile(made) as file:
        content = {name: file.read(name) for name in file.namelist()}
    assert content["tilecore/__pycache__/a.nbi"] == b"index"
    names: dict[str, object] = {}
    exec(content["tilecore/numerics/processor.py"], names)
    assert names["BUILT_FOR"] == "x86-64-v3"
    assert content["some-1.0.dist-info/WHEEL"].decode().splitlines()[1:] == ["Root-Is-Purelib: false",
                                                                             "Tag: cp311-none-linux_x86_64"]
    rows = [row.split(",") for row in content.pop("some-1.0.dist-info/RECORD").decode().split()]
    assert rows.pop() == ["some-1.0.dist-info/RECORD", "", ""]
    assert {name: digest for name, digest, _ in rows} == {name: "sha256=" + base64.urlsafe_b64encode(
        hashlib.sha256(data).digest()).decode().rstrip("=") for name, data in content.items()}


def test_a_wheel_without_kernels_is_not_made(script: ModuleType, wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no kernels"):
        script.with_kernels(wheel, tmp_path, {}, "x86-64-v3", "cp311-none-linux_x86_64")


def test_the_tag_names_python_and_system(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for platform, system in (("linux-x86_64", "manylinux_2_17_x86_64"), ("win-amd64", "win_amd64")):
        monkeypatch.setattr(script.sysconfig, "get_platform", lambda platform=platform: platform)
        assert script.tag().endswith(f"-none-{system}") and script.tag().startswith("cp3")
