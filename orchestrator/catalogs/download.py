"""Fetches star catalogs of others: resumed where it was interrupted, checked, and unpacked where the solvers find them."""

from __future__ import annotations

import bz2
import hashlib
import shutil
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, Literal

from orchestrator.catalogs.installed import SIRIL_FILE
from orchestrator.errors import ConfigError, RunError
from orchestrator.io.atomic import whole_file

__all__ = ["SOURCES", "Source", "fetch"]

Progress = Callable[[int, int], None]

CHUNK = 1 << 20
# Seconds without an answer of the server.
TIMEOUT = 30.0
# Files of an ASTAP database.
ASTAP_SUFFIXES = (".1476", ".290")
AR_MAGIC, AR_HEADER = b"!<arch>\n", 60


@dataclass(frozen=True)
class Source:
    """A catalog on a server.

    Parameters
    ----------
    url : address of its folder; ``file`` is the name of the file there, which a mirror uses too.
    size : bytes to download, and ``unpacked`` bytes on disk, both about.
    sha256 : of the file; "" if its publisher states none: then the check sums within the compressed file are those of bzip2.
    kind : "deb", a Debian package with an ASTAP database, or "bz2", one compressed file, which is stored as ``target``.
    """

    what: str
    url: str
    file: str
    size: int
    unpacked: int
    kind: Literal["deb", "bz2"]
    sha256: str = ""
    target: str = ""


SOURCES = {
    "d05": Source("ASTAP D05: 500 stars per square degree, fields of 0.6 to 6 degrees",
                  "https://downloads.sourceforge.net/project/astap-program/star_databases/", "d05_star_database.deb",
                  102_000_000, 140_000_000, "deb", "e00b276e86c5673aef862d4fa093e739bd58cad267af916756409770fd0bd8eb"),
    "siril": Source("Gaia DR3 for Siril: plate solving and colour calibration without network",
                    "https://zenodo.org/records/14692304/files/", "siril_cat_healpix8_astro.dat.bz2", 1_000_000_000,
                    1_521_132_640, "bz2", target=SIRIL_FILE),
}


def fetch(source: Source, folder: Path, *, mirror: str = "", sha256: str = "", progress: Progress = lambda done, total: None
          ) -> list[Path]:
    """Download and unpack a catalog; the files that were written.

    Parameters
    ----------
    folder : target; the unfinished download, FILE.part, is there as well.
    mirror : another address of the folder of the file. sha256 : of the file there, instead of that of the source.
    progress : called with the bytes at hand and their number; may raise to stop.

    Raises
    ------
    ConfigError : the address is not one of http or https. RunError : the server, the disk or the content fails; the message names
        what remains of the download, which the next call continues.
    """
    base = mirror or source.url
    if not base.startswith(("http://", "https://")):
        raise ConfigError(f"--mirror {base!r} is not an address.", "It starts with https:// or http://.")
    url = f"{base.rstrip('/')}/{source.file}"
    part = folder / f"{source.file}.part"
    with _explained(url, part):
        folder.mkdir(parents=True, exist_ok=True)
        have = part.stat().st_size if part.exists() else 0
        free, missing = shutil.disk_usage(folder).free, source.unpacked + max(source.size - have, 0)
        if free < missing:
            raise RunError(f"{folder} has {free >> 20} MiB free, the catalog needs {missing >> 20} MiB.",
                           "Free some space, or choose another place with --folder.")
        _download(url, part, progress)
        wanted = (sha256 or source.sha256).lower()
        if wanted and (found := _digest(part)) != wanted:
            part.unlink()
            raise RunError(f"{url} has the SHA-256 {found}, expected {wanted}. It was deleted.",
                           "Fetch it again, or from another --mirror; a newer version needs its --sha256.")
        try:
            written = _unpack(source, part, folder)
        except (EOFError, ValueError, tarfile.TarError) as error:
            part.unlink()
            raise RunError(f"{url} is damaged and was deleted: {error}.", "Fetch it again, or from another --mirror.") from error
        part.unlink()
    return written


@contextmanager
def _explained(url: str, part: Path) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        raise RunError(f"{url}: the server answers {error.code} {error.reason}.",
                       "Check the address, or name another server with --mirror.") from error
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
        kept = f"{part.stat().st_size >> 20} MiB are kept; the" if part.exists() else "The"
        raise RunError(f"{url} was interrupted: {getattr(error, 'reason', error)}.",
                       f"{kept} same command continues. Another server can be named with --mirror.") from error
    except OSError as error:
        raise RunError(f"{error.filename or part}: {error.strerror or error}.",
                       "Check the disk, or choose another --folder.") from error


def _download(url: str, part: Path, progress: Progress) -> None:
    """Append to ``part`` what it lacks. A server that cannot continue sends the file from its beginning."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "orchestrate", **({"Range": f"bytes={have}-"} if have else {})})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # nothing is missing
            progress(have, have)
            return
        raise
    with answer:
        have = have if answer.status == 206 else 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if have else "wb") as stream:
            while chunk := answer.read(CHUNK):
                stream.write(chunk)
                have += len(chunk)
                progress(have, total)
    if have < total:
        raise ConnectionError(f"{have} of {total} bytes were received")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(source: Source, part: Path, folder: Path) -> list[Path]:
    if source.kind == "deb":
        return _unpack_package(part, folder)
    target = folder / source.target
    with bz2.open(part) as packed, whole_file(target) as stream:
        shutil.copyfileobj(packed, stream, CHUNK)
        size = stream.tell()
        if source.unpacked and size != source.unpacked:
            raise ValueError(f"{size} bytes instead of {source.unpacked}")
    return [target]


def _unpack_package(part: Path, folder: Path) -> list[Path]:
    """The files of an ASTAP database in a Debian package, whatever their folder in it."""
    written = []
    with part.open("rb") as stream, tarfile.open(fileobj=_data_of(stream), mode="r|*") as archive:
        for member in archive:
            name = Path(member.name).name
            if not member.isfile() or not name.lower().endswith(ASTAP_SUFFIXES):
                continue
            content = archive.extractfile(member)
            assert content is not None
            with whole_file(folder / name) as target:
                shutil.copyfileobj(content, target, CHUNK)
            written.append(folder / name)
    if not written:
        raise ValueError("it contains no star database")
    return written


def _data_of(stream: BinaryIO) -> BinaryIO:
    """The stream at the beginning of data.tar in a Debian package, an archive of `ar`."""
    if stream.read(len(AR_MAGIC)) != AR_MAGIC:
        raise ValueError("it is not a Debian package")
    while len(header := stream.read(AR_HEADER)) == AR_HEADER:
        name, size = header[:16].decode("ascii", "replace").strip(" /"), int(header[48:58])
        if name.startswith("data.tar"):
            return stream
        stream.seek(size + size % 2, 1)
    raise ValueError("it has no data.tar")
