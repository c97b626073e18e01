"""Plots as geometry and tables as files; templates draw them. No names, no cell of a small group."""

from training.queries.small_numbers import SMALLEST
from training.reports.completion import (
    completion_heads,
    completion_rows,
    group_bars,
    history_csv,
    language_plot,
    month_plot,
)
from training.reports.hidden import (
    completion_left_out,
    dropoff_left_out,
    overview_left_out,
    readiness_left_out,
)
from training.reports.stacks import BAR_WIDTH, Stack, lesson_plot, stacked
from training.reports.tables import (
    dropoff_heads,
    dropoff_rows,
    freshness_heads,
    freshness_rows,
    overview_heads,
    overview_rows,
    readiness_heads,
    readiness_rows,
)

__all__ = [
    "BAR_WIDTH",
    "SMALLEST",
    "Stack",
    "completion_heads",
    "completion_left_out",
    "completion_rows",
    "dropoff_heads",
    "dropoff_left_out",
    "dropoff_rows",
    "freshness_heads",
    "freshness_rows",
    "group_bars",
    "history_csv",
    "language_plot",
    "lesson_plot",
    "month_plot",
    "overview_heads",
    "overview_left_out",
    "overview_rows",
    "readiness_heads",
    "readiness_left_out",
    "readiness_rows",
    "stacked",
]
