"""Loading of configurations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator.config.load import config_schema, dump_config, load_config, preset_names
from orchestrator.config.no_effect import NO_EFFECT
from orchestrator.config.renamed import OLD_SETTINGS
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError
from orchestrator.pipeline.runner import RUN_FILES, find_run_files


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.yaml"
    path.write_text(text)
    return path


def test_an_unknown_key_is_named_with_file_line_and_the_nearest_valid_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_config([write(tmp_path, "stacking:\n  sigma_low: 3\n  rejecton: sigma\n")])
    assert "my.yaml:3" in error.value.message and "stacking.rejecton" in error.value.message
    assert "stacking.rejection" in error.value.remedy


@pytest.mark.parametrize(("text", "line", "word"), [
    ("tiles:\n  overlap: 0.9\n", 2, "0.9"), ("stacking:\n  sigma_low: many\n", 2, "many"),
    ("weights:\n  mode: best\n  min_information: 2\n", 3, "2"), ("weights:\n  mode: quallity\n", 2, "quallity")])
def test_a_wrong_value_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config([write(tmp_path, text)])
    assert f"my.yaml:{line}" in str(error.value) and word in str(error.value)


@pytest.mark.parametrize("text", ["stacking: [\n", "- a\n", "stacking: 3\n", "metrics:\n  background_weight: 0.9\n"])
def test_an_invalid_configuration_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"my\.yaml"):
        load_config([write(tmp_path, text)])


def test_presets_then_files_then_overrides_win(tmp_path: Path) -> None:
    path = write(tmp_path, "weights:\n  mode: snr\nstacking:\n  sigma_low: 2\n")
    config = load_config([path], "quality_clusters", ["stacking.sigma_low=5"])
    assert (config.weights.mode, config.stacking.sigma_low, config.clustering.enabled) == ("snr", 5, True)


def test_every_preset_loads() -> None:
    assert preset_names() and all(isinstance(load_config([], name), RunConfig) for name in preset_names())


def test_a_wrong_preset_or_override_is_refused() -> None:
    for arguments in (((), "quality_cluster", ()), ((), None, ("stacking",)), ((), None, ("stackin.sigma_low=3",))):
        with pytest.raises(ConfigError):
            load_config(*arguments)


def test_a_dumped_configuration_loads_again(tmp_path: Path) -> None:
    config = load_config([], "quality_clusters", ["tiles.min_size=96", "calibration.dark_master=/a b/dark.fit"])
    assert load_config([write(tmp_path, dump_config(config))]) == config
    assert "tiles" not in dump_config(RunConfig(), only_changed=True)


def test_the_schema_is_json() -> None:
    assert "stacking" in json.loads(json.dumps(config_schema(), default=str))["properties"]


def test_an_empty_section_changes_nothing(tmp_path: Path) -> None:
    assert load_config([write(tmp_path, "clustering:\n  # enabled: false\n")], "quality_clusters").clustering.enabled


def test_an_old_name_of_a_setting_ends_with_a_message_that_gives_the_new_one(tmp_path: Path) -> None:
    for old, new in OLD_SETTINGS.items():
        section, name = old.split(".")
        path = write(tmp_path, f"{section}:\n  {name}: 1\n")
        for arguments in (([path], None, ()), ((), None, (f"{old}=1",))):
            with pytest.raises(ConfigError, match=f"'{old}' is now called '{new}'") as error:
                load_config(*arguments)
            assert str(path) in error.value.message or "--set" in error.value.message
        with pytest.raises(ValueError, match=f"{old} is now called {new}"):
            RunConfig.model_validate({section: {name: 1}})
        value: object = RunConfig()
        for part in new.split("."):
            value = getattr(value, part)


def test_all_old_names_of_a_file_are_listed_together(tmp_path: Path) -> None:
    path = write(tmp_path, "stacking:\n  low: 3\n  rounds: 2\nmetrics:\n  alpha: 1\n  nonsense: 1\n")
    with pytest.raises(ConfigError) as error:
        load_config([path])
    assert error.value.message.splitlines()[1:] == [
        f"{path}:2: stacking.low -> stacking.sigma_low", f"{path}:3: stacking.rounds -> stacking.max_iterations",
        f"{path}:5: metrics.alpha -> metrics.background_weight"]
    assert error.value.remedy == "Rename them."


def test_a_question_ends_without_a_full_stop() -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'fwhm'\?") as error:
        load_config(overrides=["selection.where=fwmh < 3"])
    assert "?." not in error.value.message


def test_a_setting_may_name_the_directory_of_another_run(tmp_path: Path) -> None:
    for name, file in RUN_FILES.items():
        run = tmp_path / name
        for path, problem in ((run, "does not exist"), (tmp_path, f"has no {file}")):
            config = load_config(overrides=[f"registration.{name}={path}"])
            with pytest.raises(ConfigError, match=f"registration.{name}: {path} {problem}") as error:
                find_run_files(config)
            assert file in error.value.remedy
        (run / "artifacts").mkdir(parents=True)
        (run / file).write_text("{}")
        for path in (run, run / file):
            found = find_run_files(load_config(overrides=[f"registration.{name}={path}"]))
            assert getattr(found.registration, name) == run / file


def test_an_old_preset_and_an_old_crop_end_with_a_message_that_gives_the_new_form() -> None:
    with pytest.raises(ConfigError, match="now called 'quality_clusters'"):
        load_config((), "methodik")
    with pytest.raises(ConfigError, match=r"min_coverage: 0\.8"):
        load_config(overrides=["canvas.crop=coverage 0.8"])
    assert load_config(overrides=["canvas.crop=coverage", "canvas.min_coverage=0.8"]).canvas.coverage == 0.8


def test_the_settings_without_effect_on_the_result_are_marked() -> None:
    assert {"bge.timeout", "engine.siril.fallback", "input.min_free_disk_factor", "astrometry.backoff"} <= NO_EFFECT
    assert not {key for key in NO_EFFECT if key.startswith(("stacking", "calibration", "reconstruction"))} and len(NO_EFFECT) == 9


def test_master_tiles_have_other_defaults_and_what_is_set_is_kept() -> None:
    found = RunConfig.model_validate({"input": {"workflow": "master_tiles"}, "stacking": {"rejection": "sigma"}})
    assert (found.input.min_frames, found.engine.name) == (2, "native")
    assert not found.calibration.cosmetic and not found.stacking.trails
    assert found.stacking.rejection == "sigma" and RunConfig.model_validate(found.model_dump()) == found
    assert RunConfig().stacking.trails and RunConfig().input.min_frames == 3, "the defaults of others are unchanged"
