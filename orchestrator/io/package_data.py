"""Files of the program: the templates of Siril scripts, in a wheel and in a checkout."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from orchestrator.errors import RunError
from orchestrator.message import Message

__all__ = ["read_template", "templates"]


def templates() -> Traversable:
    """The folder of the templates: ``orchestrator/_templates`` in a wheel, ``templates`` at the top of a checkout."""
    packaged = resources.files("orchestrator") / "_templates"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[2] / "templates"
    if checkout.is_dir():
        return checkout
    raise RunError("The program's templates are missing.", "Install the package again.")


def read_template(name: str) -> str:
    """The text of one template, e.g. ``siril/stack.ssf.j2``.

    Raises
    ------
    RunError : there is no template of that name.
    """
    file = templates().joinpath(*name.split("/"))
    if not file.is_file():
        raise RunError(Message("The template {name} is missing.", name=name), "Install the package again.")
    return file.read_text(encoding="utf-8")
