"""A report of the scores of a session's lights, without a stack: ``orchestrate run --dry-run --report FILE``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestrator.api.score_frames import SessionFrames
from orchestrator.errors import ConfigError
from orchestrator.io.json_files import plain
from orchestrator.report.write import write_text

__all__ = ["REPORTS", "check_report", "write_score_report"]

# Columns of the table: field of a score, heading, format.
COLUMNS = (("score", "score", "{:.3f}"), ("fwhm", "FWHM (px)", "{:.2f}"), ("roundness", "roundness", "{:.3f}"),
           ("stars", "stars", "{:.0f}"), ("background", "background (ADU)", "{:.1f}"), ("noise", "noise (ADU)", "{:.2f}"))
REPORTS = (".md", ".json")


def check_report(path: Path) -> None:
    """ConfigError if a report cannot have this name."""
    if path.suffix.lower() not in REPORTS:
        raise ConfigError(f"{path} is neither Markdown nor JSON.", f"Give a file that ends in {' or '.join(REPORTS)}.")


def write_score_report(path: Path, found: SessionFrames) -> None:
    """Write the scores of all lights, and why some would be left out, as Markdown or JSON by the suffix of the file.

    Raises
    ------
    ConfigError : another suffix. RunError : the file cannot be written.
    """
    check_report(path)
    rows: list[dict[str, Any]] = []
    for score, why, matrix in zip(found.scores, found.left_out, found.matrices, strict=True):
        rows.append({**plain(score.to_dict()), "kept": not why, "reason": why, "matrix": matrix.tolist()})
    content = {"session": found.report.session.name, "mount": found.mount, "lights": len(found.report.session.lights),
               "kept": sum(row["kept"] for row in rows), "frames": rows, "warnings": found.warnings,
               "refused": [{"path": path, "reason": reason} for path, reason in found.refused]}
    write_text(path, json.dumps(content, indent=1) if path.suffix.lower() == ".json" else _markdown(content))


def _markdown(content: dict[str, Any]) -> str:
    lines = [f"# {content['session']}: scores of the lights", "",
             f"{content['kept']} of {content['lights']} lights would be stacked. Nothing was stacked.", ""]
    known = [c for c in COLUMNS if any(row.get(c[0]) is not None for row in content["frames"])]
    lines += ["| file | " + " | ".join(head for _, head, _ in known) + " | kept | reason |", "|---" * (len(known) + 3) + "|"]
    for row in content["frames"]:
        cells = ["" if row.get(key) is None else form.format(row[key]) for key, _, form in known]
        lines.append(f"| {row['file']} | " + " | ".join(cells) + f" | {'yes' if row['kept'] else 'no'} | {row['reason']} |")
    for title, items in (("Lights that cannot be used", [f"{r['path']}: {r['reason']}" for r in content["refused"]]),
                         ("Warnings", content["warnings"])):
        if items:
            lines += ["", f"## {title}", "", *(f"- {item}" for item in items)]
    return "\n".join(lines) + "\n"
