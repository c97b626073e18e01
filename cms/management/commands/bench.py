"""manage.py bench: measures CPU, bytes, queries and requests against their budgets."""

import os
import platform

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cms import bench, bench_growth, bench_officials, bench_pace, scratch

OFFICIALS = {False: 1_000, True: 10_000}  # to begin with: elsewhere, and on PostgreSQL, where the budget is
LINE = "{:4}  {:48} {:>10} {:>10} {:>6}  {:6} {:>8}"


class Command(BaseCommand):
    """Measure on a copy of the database and print each figure beside its budget; the database stays as it is."""

    help = (
        "Measures lessons, the pages of the staff and the voice webhook: CPU, bytes, queries, requests; on a copy of the "
        "database, and on one with many times as many people, cases and contacts."
    )

    def add_arguments(self, parser):
        """Take --turns, --times and --officials."""
        parser.add_argument("--turns", type=int, default=200, help="how often each thing is measured")
        parser.add_argument(
            "--times", type=int, default=bench_growth.TIMES, help="how many times the rows at the second size"
        )
        parser.add_argument(
            "--officials",
            type=int,
            default=OFFICIALS[connection.vendor == "postgresql"],
            help="with how many officials the manager's reports are measured, then with ten times as many; 0: not at all",
        )

    def handle(self, *args, turns=200, times=bench_growth.TIMES, officials=0, **options):
        """Measure and print."""
        load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
        self.stdout.write(
            f"{connection.vendor}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}"
        )
        try:
            figures = bench_growth.figures(turns, times)
            self._print(figures, "1× rows", f"{times}× rows")
            if officials:
                of_officials = bench_officials.figures(officials, turns)
                self._print(of_officials, str(officials), str(officials * bench_officials.TIMES))
                figures += of_officials
        except (bench.NothingToMeasure, bench.Unexpected, scratch.ConnectionLost) as nothing:
            raise CommandError(str(nothing)) from nothing
        self.stdout.write(
            f"CPU is told at the full speed of this machine: its fixed work took {bench_pace.full_speed() * 1000:.2f} ms "
            f"then, and {bench_pace.typical() * 1000:.2f} ms at the median of this run."
        )
        if not all(one.holds for one in figures):
            raise SystemExit(1)

    def _print(self, figures: list[bench_growth.Growth], once: str, grown: str) -> None:
        self.stdout.write(LINE.format("", "", once, grown, "ratio", "unit", "budget"))
        for one in figures:
            budget = "" if one.once.budget is None else one.once.budget
            mark = "ok" if one.holds else "OVER"
            row = (one.once.name, one.once.value, one.grown.value, one.ratio, one.once.unit, budget)
            self.stdout.write(f"{LINE.format(mark, *row)}{_raw(one)}".rstrip())


def _raw(one: bench_growth.Growth) -> str:
    """Return the medians as the process's clock had them, of a figure that is told at full speed."""
    raw = [getattr(figure.value, "raw", None) for figure in (one.once, one.grown)]
    return "" if None in raw else "   as it was: {}, {}".format(*raw)
