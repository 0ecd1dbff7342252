"""The pictures of frames for viewing and blinking: drawn by the worker on request, and kept on disk and in memory for a while."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["FramePictures"]

# Pictures that are kept decoded in memory (about 1 MB each), and as files.
KEPT_IMAGES, KEPT_FILES = 120, 400


class FramePictures(QObject):
    """Emits ``ready`` with the path of a frame when its picture can be shown, or when it is known that there is none."""

    ready = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._worker: WorkerClient | None = None
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._files: OrderedDict[str, str] = OrderedDict()
        self._asked: set[str] = set()

    def serve_from(self, worker: WorkerClient | None) -> None:
        """Ask this worker from now on."""
        self._worker, self._asked = worker, set()

    def clear(self) -> None:
        """Forget all pictures: the frames have changed."""
        for file in self._files.values():
            Path(file).unlink(missing_ok=True)
        self._images.clear()
        self._files.clear()

    def get(self, path: str) -> QImage | None:
        """The picture of a frame if it is decoded (a null image if there is none); otherwise it is requested."""
        image = self._images.get(path)
        if image is not None:
            self._images.move_to_end(path)
            return image
        if path not in self._asked:
            self._asked.add(path)
            if path in self._files:
                self._read(path)
            elif self._worker is not None:
                self._worker.send(picture=path)
        return None

    def drawn(self, path: str, file: str) -> None:
        """The worker has drawn a picture ("": it could not)."""
        if not file:
            self._decoded(path, QImage())
            return
        self._files[path] = file
        while len(self._files) > KEPT_FILES:
            _, oldest = self._files.popitem(last=False)
            Path(oldest).unlink(missing_ok=True)
        self._read(path)

    def _read(self, path: str) -> None:
        file = self._files[path]
        self._background.do(lambda: read_picture(file), lambda image: self._decoded(path, image))

    def _decoded(self, path: str, image: QImage) -> None:
        self._asked.discard(path)
        self._images[path] = image
        while len(self._images) > KEPT_IMAGES:
            self._images.popitem(last=False)
        self.ready.emit(path)
