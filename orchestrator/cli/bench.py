"""`orchestrate bench`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from orchestrator.cli.verbs import Verb, note

__all__ = ["bench"]

METHODS = ("mean", "proper", "drizzle")


@click.command(cls=Verb)
@click.option("--size", "sizes", type=click.FloatRange(0.05, 200), multiple=True, default=(2.0,), show_default=True, metavar="MP",
              help="Megapixels of the frames. May be repeated.")
@click.option("--frames", "counts", type=click.IntRange(4), multiple=True, default=(20,), show_default=True, metavar="N",
              help="Number of lights. May be repeated.")
@click.option("--camera", type=click.Choice(["osc", "mono"]), default="osc", show_default=True,
              help="Colour camera or monochrome.")
@click.option("--method", "methods", type=click.Choice(METHODS), multiple=True, default=("mean", "proper"), show_default=True,
              help="Method of reconstruction. May be repeated.")
@click.option("--alone", is_flag=True, help="Measure this program only, not the others that are installed.")
@click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
              help="A setting of this program, such as bge.enabled=true. May be repeated.")
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Folder for the simulated frames and the stacks, which are deleted; by default that of temporary files.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.md",
              help="Write the table to a file, or into a page between the lines <!-- bench --> and <!-- end of bench -->.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON.")
def bench(sizes: tuple[float, ...], counts: tuple[int, ...], camera: str, methods: tuple[str, ...], alone: bool,
          overrides: tuple[str, ...], work: Path | None, output: Path | None, as_json: bool) -> int:
    """Measure speed, memory and quality on this machine, next to Siril and seiza if they are installed.

    Sessions are simulated and stacked by one program after the other: masters, calibration, registration, stack; without
    background extraction, plate solving and colour calibration. The share of the information of the lights that a stack keeps is
    measured in the same way for all, with the truth of the simulation. Compare CPU seconds: those of the clock depend on what
    else the computer does.
    """
    from orchestrator.benchmark.programs import Orchestrate, installed_peers
    from orchestrator.benchmark.run import bench as measure
    from orchestrator.benchmark.session import BenchSession
    from orchestrator.benchmark.table import as_record, check_page, markdown, write_into
    from orchestrator.config.load import load_config

    load_config((), None, overrides)  # a wrong setting ends the verb at once
    if output is not None:
        check_page(output)
    peers, missing = ([], []) if alone else installed_peers()
    for line in missing:
        note(line)
    sessions = [BenchSession(size, count, camera == "mono") for size in sizes for count in counts]
    programs = [*peers, *(Orchestrate(method, overrides) for method in methods)]
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="orchestrate-bench-", dir=work) as folder:
        note("Preparing: kernels are compiled at the first use ...")
        for method in methods:
            Orchestrate(method).prepare(Path(folder), mono=camera == "mono")
        rows = list(measure(sessions, programs, Path(folder), note))
    if output is not None:
        write_into(output, markdown(rows))
    click.echo(json.dumps(as_record(rows), indent=1, ensure_ascii=False) if as_json else markdown(rows))
    return 0
