"""Start-up time of the command line. Run by hand: python tests/bench/startup.py

Prints CPU seconds (user and system, the minimum of several calls) of an empty program, of `import click`, of help, version and
completion, and their ratio to the limit: four empty programs and the import of click. The exit code is 1 if help, version or the
completion of verbs exceeds the limit.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys

CALLS = 15
# Empty programs that a start may cost, besides the import of click.
LIMIT = 4
PROGRAM = "import sys; sys.argv = ['orchestrate', *sys.argv[1:]]; from orchestrator.cli.main import main; main()"
COMPLETION = {"_ORCHESTRATE_COMPLETE": "bash_complete", "COMP_WORDS": "orchestrate r", "COMP_CWORD": "1"}


def cpu(*arguments: str, environment: dict[str, str] | None = None) -> float:
    """CPU seconds of a Python program."""
    found = []
    for _ in range(CALLS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=os.environ | (environment or {}))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def main() -> None:
    empty, click = cpu("-c", "pass"), cpu("-c", "import click")
    limit = LIMIT * empty + click - empty
    print(f"{'python -c pass':<32}{empty:.3f} s")
    print(f"{'import click':<32}{click:.3f} s")
    print(f"{'limit':<32}{limit:.3f} s")
    calls = {"orchestrate --help": cpu("-c", PROGRAM, "--help"), "orchestrate --version": cpu("-c", PROGRAM, "--version"),
             "completion of the verbs": cpu("-c", PROGRAM, environment=COMPLETION)}
    more = {"orchestrate run --help": cpu("-c", PROGRAM, "run", "--help"),
            "import orchestrator": cpu("-c", "import orchestrator")}
    for name, seconds in (calls | more).items():
        print(f"{name:<32}{seconds:.3f} s   {seconds / empty:.1f} empty programs, {seconds / limit:.2f} of the limit")
    sys.exit(int(any(seconds > limit for seconds in calls.values())))


if __name__ == "__main__":
    main()
