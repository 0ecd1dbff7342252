"""Languages: Qt's translation files, which can be changed while the window is open, and widgets that follow."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["LANGUAGES", "Translated", "help_of", "set_language", "system_language"]

LANGUAGES = {"en": "English", "fr": "Français", "de": "Deutsch"}
FOLDER = Path(__file__).parent / "i18n"


class Translated(QWidget):
    """A widget whose texts are set by ``retranslate``, again whenever the language changes."""

    def retranslate(self) -> None:
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def system_language() -> str:
    """The language of the desktop if there is a translation, else English."""
    name = QLocale.system().name().split("_")[0]
    return name if name in LANGUAGES else "en"


def set_language(language: str) -> None:
    """Set the language of the application; texts without a translation stay English. The English file has plural forms only."""
    app = QApplication.instance()
    assert app is not None
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    QLocale.setDefault(QLocale(language))
    standard = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in ((f"qtbase_{language}", standard), (f"orchestrate_{language}", str(FOLDER))):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)


def help_of(text: str) -> str:
    """The translation of a setting's or section's help text."""
    return QCoreApplication.translate("settings", text) if text else ""
