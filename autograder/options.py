"""Options of the command line that several commands have in common, or that say much."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", metavar="DIR", help="Course directory; default: here or above."),
]
AssignmentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ASSIGNMENT", help="Assignment ids; default: all of them."),
]
DegradedOption = Annotated[
    bool,
    typer.Option(
        "--allow-degraded-sandbox",
        help="Grade although a layer of the sandbox is missing. Recorded in every result.",
    ),
]
Layout = Literal["notebook", "package"]
LayoutOption = Annotated[
    Layout,
    typer.Option("--layout", help="What is handed in: notebooks, or a package of Python modules."),
]
ConventionOption = Annotated[
    Literal["keep", "drop", "auto"] | None,
    typer.Option(
        "--convention",
        help="What p means: to keep or to drop a unit; auto: what each submission's code says or "
        "does. Default: the course's.",
    ),
]
RepairOption = Annotated[
    bool,
    typer.Option(
        "--repair", help="Mend Python 2 and NumPy names that are gone; every repair is listed."
    ),
]
ForceOption = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Grade what did not change, too. It counts even if the gradebook has a later hand-in.",
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Graders at once; all cores."),
]
SchedulerOption = Annotated[
    str,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Grade on the workers of this Dask scheduler."
    ),
]
