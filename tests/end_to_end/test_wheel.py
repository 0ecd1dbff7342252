"""The wheel, installed into a clean environment, brings its templates, presets and simulator along."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = """
import sys, site
sys.path[:] = [p for p in sys.path if p] + OUTER
from orchestrator.io import package_data as resources
from orchestrator.config.load import preset_names
assert "demo" in __import__("orchestrator.simulation", fromlist=["PRESETS"]).PRESETS
assert sum(f.name.endswith(".j2") for f in (resources.templates() / "siril").iterdir()) >= 5
assert {"default", "quality_clusters"} <= set(preset_names())
from orchestrator.catalogs.objects import sky_objects
assert len(sky_objects()) > 2000
from orchestrator.report.render import asset
assert all(asset(f"{n}.html.j2") for n in ("report", "compare", "inspect")) and asset("report.js") and asset("report.css")
import orchestrator
words = __import__("pathlib").Path(orchestrator.__file__).parent / "gui" / "i18n"
assert all((words / f"orchestrate_{language}.qm").stat().st_size > 1000 for language in ("en", "fr", "de"))
assert str(orchestrator.__file__).startswith(sys.prefix), orchestrator.__file__
print("complete")
"""


@pytest.mark.slow
def test_an_installed_wheel_finds_its_templates_presets_and_simulator(tmp_path: Path) -> None:
    built = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(tmp_path), str(ROOT)],
                           capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    wheel = next(tmp_path.glob("orchestrate_astro-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"orchestrator", "tilecore"}
    assert {"orchestrator/py.typed", "tilecore/py.typed", "orchestrator/_templates/siril/master.ssf.j2"} <= set(names)
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--no-deps", "--quiet", str(wheel)], check=True, timeout=300)
    # The dependencies of this environment serve; the project itself must come from the wheel.
    outer = [p for p in sys.path if p.endswith("site-packages")]
    script = tmp_path / "check.py"
    script.write_text(CHECK.replace("OUTER", repr(outer)))
    done = subprocess.run([str(python), str(script)], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.stdout.strip() == "complete", done.stderr


@pytest.mark.slow
def test_a_source_archive_gives_the_same_wheel(tmp_path: Path) -> None:
    """The version is that of orchestrator/version.py, and the commands keep their name."""
    from orchestrator.version import __version__

    def build(source: Path, kind: str) -> Path:
        words = ["-m", "build", f"--{kind}", "-o", str(tmp_path / kind), str(source)]
        done = subprocess.run([sys.executable, *words],
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return next((tmp_path / kind).iterdir())

    archive = build(ROOT, "sdist")
    assert archive.name == f"orchestrate_astro-{__version__}.tar.gz"
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    wheel = build(next((tmp_path / "source").iterdir()), "wheel")
    with zipfile.ZipFile(wheel) as files:
        info = {Path(n).name: n for n in files.namelist() if ".dist-info/" in n}
        assert "orchestrate = orchestrator.cli.main:main" in files.read(info["entry_points.txt"]).decode()
        assert f"Version: {__version__}" in files.read(info["METADATA"]).decode()
        assert "orchestrator/_templates/siril/master.ssf.j2" in files.namelist()
