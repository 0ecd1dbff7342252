"""Makes the notebook of docs/examples from the script: python scripts/notebook.py"""

from __future__ import annotations

import json
import re
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
SCRIPT = EXAMPLES / "stack_by_steps.py"


def notebook(script: str) -> str:
    """The notebook of a script whose cells begin with "# %%"."""
    cells = []
    for number, (kind, body) in enumerate(re.findall(r"^# %%( \[markdown\])?\n(.*?)(?=^# %%|\Z)", script, re.M | re.S)):
        text = re.sub(r"^# ?", "", body, flags=re.M) if kind else body
        lines = text.strip().splitlines(keepends=True)
        shared = {"id": f"cell-{number}", "metadata": {}, "source": lines}
        cells.append({"cell_type": "markdown", **shared} if kind else
                     {"cell_type": "code", "execution_count": None, "outputs": [], **shared})
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


if __name__ == "__main__":
    SCRIPT.with_suffix(".ipynb").write_text(notebook(SCRIPT.read_text("utf-8")), "utf-8")
