"""The window Siril scripts, by clicks, with the real Siril."""

from __future__ import annotations

from pathlib import Path

from astropy.io import fits

from orchestrator.tools.siril.cli import find_siril
from tests.conftest import missing

try:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QWidget

    from orchestrator.gui.window import Window
except ImportError:  # conftest.py skips the tests
    pass

TASK, SIRIL = 60_000, 180_000


def click(qtbot, widget: QWidget) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def texts(window: Window, column: int) -> list[str]:
    files = window.scripts.files
    return [files.topLevelItem(i).text(column) for i in range(files.topLevelItemCount())]


def test_scripts_are_written_checked_and_run_with_siril(qtbot, window: Window, simulated, tmp_path: Path) -> None:
    try:
        find_siril()
    except Exception as error:
        missing(f"siril-cli: {error}")
    folder, _ = simulated("tiny_mono", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    window.document.add_nights([folder])
    window.document.rename("M31")
    window.document.set_values({"input.min_frames": 3})
    click(qtbot, window.run.scripts)
    scripts = window.scripts
    qtbot.waitUntil(scripts.isVisible)
    assert scripts.path.parts[-2:] == ("scripts", "M31") and not scripts.run.isEnabled() and not scripts.check.isEnabled()
    scripts.folder.selectAll()
    qtbot.keyClicks(scripts.folder, str(tmp_path / "scripts"))
    scripts.fields["registration"].editor.setFocus()
    qtbot.keyClick(scripts.fields["registration"].editor, Qt.Key.Key_Home)
    click(qtbot, scripts.write)
    assert not scripts.write.isEnabled() and scripts.progress.isVisible()
    qtbot.waitUntil(lambda: not scripts.running, timeout=TASK)
    assert "2 scripts written" in scripts.status.text() and "run_project.ssf" in texts(window, 0)
    main = tmp_path / "scripts" / "run_project.ssf"
    assert "-2pass" not in main.read_text() and scripts.values == {"registration": "1-pass"}
    # A mistake is named by its line.
    text = main.read_text()
    main.write_text(text + "registr pp_light\n")
    click(qtbot, scripts.check)
    qtbot.waitUntil(lambda: not scripts.running, timeout=TASK)
    assert "1 error found" in scripts.status.text() and texts(window, 0)[0].startswith("run_project.ssf:")
    assert "registr" in texts(window, 2)[0]
    main.write_text(text)
    shares, made = set(), []
    scripts.progress.valueChanged.connect(shares.add)
    scripts.image_written.connect(made.append)
    click(qtbot, scripts.run)
    qtbot.waitUntil(lambda: not scripts.running, timeout=SIRIL)
    assert "Siril has finished" in scripts.status.text(), scripts.status.text()
    assert made == [str(tmp_path / "scripts" / "M31_final.fit")] and len(shares) > 5 and "M31_final.fit" in texts(window, 0)
    assert fits.getheader(made[0])["STACKCNT"] == 5
    # A run that is aborted ends Siril, without an error message.
    click(qtbot, scripts.run)
    assert scripts.abort.isEnabled()
    click(qtbot, scripts.abort)
    qtbot.waitUntil(lambda: not scripts.running, timeout=SIRIL)
    assert scripts.status.text() == "Aborted." and scripts.run.isEnabled()


def test_a_folder_of_raw_frames_is_refused_for_scripts(qtbot, window: Window, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    window.document.add_nights([folder])
    window.scripts.folder.setText(str(folder / "lights"))
    window.scripts.open()
    click(qtbot, window.scripts.write)
    qtbot.waitUntil(lambda: not window.scripts.running, timeout=TASK)
    assert str(folder) in window.scripts.status.text() and not list((folder / "lights").glob("*.ssf"))
