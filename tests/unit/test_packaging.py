"""The recipes of packages name what pyproject.toml names, and files that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
# Names of conda-forge for the same packages.
ON_CONDA = {"opencv-python-headless": "py-opencv", "astropy": "astropy-base"}


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"])


def jobs() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))["jobs"])


def test_the_conda_recipe_has_the_dependencies_of_the_wheel() -> None:
    recipe = yaml.safe_load((ROOT / "packaging" / "conda" / "recipe.yaml").read_text("utf-8"))
    wheel = {re.match(r"[\w.-]+", d)[0]: re.search(r">=[\d.]+", d)[0] for d in project()["dependencies"]}  # type: ignore[index]
    conda = dict(d.split() for d in recipe["requirements"]["run"])
    assert conda.pop("python") == project()["requires-python"]
    assert conda == {ON_CONDA.get(name, name): version for name, version in wheel.items()}
    assert recipe["package"]["name"] == project()["name"] and recipe["about"]["license"] == project()["license"]
    assert recipe["build"]["python"]["entry_points"] == [f"{n} = {target}" for n, target in project()["scripts"].items()]


def test_the_image_copies_and_installs_what_there_is() -> None:
    text = (ROOT / "packaging" / "Containerfile").read_text("utf-8")
    copied = [name for line in re.findall(r"(?m)^COPY (?!--from)(.*)$", text) for name in line.split()[:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*needed["packages"], *needed["force-include"], "pyproject.toml", project()["readme"]} <= set(copied)
    extras = re.search(r'"\.\[(.*?)\]"', text)
    assert extras is not None and set(extras[1].split(",")) <= set(project()["optional-dependencies"])


def test_the_release_runs_scripts_that_exist_and_publishes_last() -> None:
    found = jobs()
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    named = re.findall(r"(?:scripts|packaging)/[\w./]+", text)
    assert len(named) >= 4 and all((ROOT / name).exists() for name in named)
    needs = {name: job.get("needs", []) for name, job in found.items()}
    needed = {name: {n} if isinstance(n, str) else set(n) for name, n in needs.items()}
    assert needed["publish"] == set(found) - {"publish"} and all(n <= set(found) for n in needed.values())
    assert "refs/tags/" in found["publish"]["if"]
