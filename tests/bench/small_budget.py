"""Run a session with plenty of memory, then with a small budget, and print what was held as JSON:
small_budget.py SESSION RUNS BUDGET_MIB [KEY=VALUE ...]

The first run loads and compiles all that the second needs, so that only its frames count.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from orchestrator import run
from orchestrator.config.load import load_config
from orchestrator.runtime.memory import resident, trim


def peak() -> int:
    """Bytes of the most memory that this process has held since it was last reset."""
    return next(int(line.split()[1]) << 10 for line in Path("/proc/self/status").read_text().splitlines()
                if line.startswith("VmHWM:"))


def main() -> None:
    session, runs, budget, *overrides = sys.argv[1:]
    for name, memory in (("large", "8 GiB"), ("small", f"{budget} MiB")):
        trim()
        before = resident().resident
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        config = load_config((), None, ("engine.name=native", "runtime.cache=false", f"runtime.memory_budget={memory}",
                                        *overrides))
        result = run(session, config, runs_dir=runs, run_id=name)
        assert result.error is None, result.error
    print(json.dumps({"before": before, "peak": peak(), **result.statistics.to_dict()}))


if __name__ == "__main__":
    main()
