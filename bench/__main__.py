"""Run every bench and hold its figures to their bars: ``python -m bench [NAME ...]``.

Each module here has ``run()``, which returns a list of ``{"name", "value", "unit",
"bar", "better"}``. Each runs in a process of its own, so that none inherits
another's memory. The lists go to ``build/bench/NAME.json``; a missed bar ends
with exit code 1.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
BUILD = HERE.parent / "build" / "bench"

Figure = dict[str, Any]


def main(names: list[str]) -> int:
    """Run the benches named, or all of them."""
    BUILD.mkdir(parents=True, exist_ok=True)
    known = sorted(path.stem for path in HERE.glob("[!_]*.py"))
    if unknown := set(names) - set(known):
        sys.exit(f"no bench is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    figures: list[Figure] = []
    for name in names or known:
        found = measured(name)
        (BUILD / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        figures += found
    Console().print(drawn(figures))
    return int(any(standing(one) == "missed" for one in figures))


def measured(name: str) -> list[Figure]:
    """One bench's figures, measured in a process of its own."""
    work = f"import json; from bench import {name}; print(json.dumps({name}.run()))"
    done = subprocess.run(
        [sys.executable, "-c", work], cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True
    )
    figures: list[Figure] = json.loads(done.stdout)
    return figures


def standing(figure: Figure) -> str:
    """Whether a figure keeps its bar; one without a bar is only told."""
    value, bar = figure["value"], figure["bar"]
    if bar is None:
        return ""
    kept = value <= bar if figure["better"] == "lower" else value >= bar
    return "kept" if kept else "missed"


def drawn(figures: list[Figure]) -> Table:
    """All figures as one table."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("name", overflow="fold")
    for column in ("value", "bar"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for one in figures:
        verdict = standing(one)
        colour = {"kept": "[green]kept[/]", "missed": "[bold red]missed[/]"}.get(verdict, "")
        bar = "" if one["bar"] is None else f"{one['bar']:g}"
        table.add_row(one["name"], f"{one['value']:g}", bar, one["unit"], colour)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
