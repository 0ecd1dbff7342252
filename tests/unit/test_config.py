"""Loading of configurations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator.config.load import config_schema, dump_config, load_config, preset_names
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.yaml"
    path.write_text(text)
    return path


def test_an_unknown_key_is_named_with_file_line_and_the_nearest_valid_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_config([write(tmp_path, "stacking:\n  low: 3\n  rejecton: sigma\n")])
    assert "my.yaml:3" in error.value.message and "stacking.rejecton" in error.value.message
    assert "stacking.rejection" in error.value.remedy


@pytest.mark.parametrize(("text", "line", "word"), [
    ("tiles:\n  overlap: 0.9\n", 2, "0.9"), ("stacking:\n  low: many\n", 2, "many"),
    ("weights:\n  mode: best\n  min_information: 2\n", 3, "2"), ("weights:\n  mode: quallity\n", 2, "quallity")])
def test_a_wrong_value_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config([write(tmp_path, text)])
    assert f"my.yaml:{line}" in str(error.value) and word in str(error.value)


@pytest.mark.parametrize("text", ["stacking: [\n", "- a\n", "stacking: 3\n", "metrics:\n  alpha: 0.9\n"])
def test_what_is_no_configuration_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"my\.yaml"):
        load_config([write(tmp_path, text)])


def test_presets_then_files_then_overrides_win(tmp_path: Path) -> None:
    path = write(tmp_path, "weights:\n  mode: snr\nstacking:\n  low: 2\n")
    config = load_config([path], "methodik", ["stacking.low=5"])
    assert (config.weights.mode, config.stacking.low, config.clustering.enabled) == ("snr", 5, True)


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_loads(name: str) -> None:
    assert isinstance(load_config([], name), RunConfig)


def test_a_wrong_preset_or_override_is_refused() -> None:
    for arguments in (((), "methodic", ()), ((), None, ("stacking",)), ((), None, ("stackin.low=3",))):
        with pytest.raises(ConfigError):
            load_config(*arguments)


def test_what_is_dumped_loads_again(tmp_path: Path) -> None:
    config = load_config([], "methodik", ["tiles.min_size=96", "calibration.dark_master=/a b/dark.fit"])
    assert load_config([write(tmp_path, dump_config(config))]) == config
    assert "tiles" not in dump_config(RunConfig(), only_changed=True)


def test_the_schema_is_json() -> None:
    assert "stacking" in json.loads(json.dumps(config_schema(), default=str))["properties"]


def test_an_empty_section_changes_nothing(tmp_path: Path) -> None:
    assert load_config([write(tmp_path, "clustering:\n  # enabled: false\n")], "methodik").clustering.enabled
