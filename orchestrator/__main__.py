"""`python -m orchestrator` is the same program as `orchestrate`."""

import os
import sys
from pathlib import Path


def leave_current_folder() -> None:
    """Remove the current folder, which `python -m` puts on ``sys.path``: it may be the folder of a session of someone else."""
    here = Path(__file__).resolve().parents[1]
    current = os.path.realpath(os.curdir)
    sys.path[:] = [p for p in sys.path if os.path.realpath(p) != current or here == Path(current)]


leave_current_folder()

from orchestrator.cli.main import main  # noqa: E402

if __name__ == "__main__":
    main()
