"""manage.py bench: measures CPU, bytes, queries and requests against their budgets."""

import os
import platform
import statistics

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cms import bench, bench_growth, bench_officials, bench_pace, load, load_served, scratch

OFFICIALS = {False: 1_000, True: 10_000}  # to begin with: elsewhere, and on PostgreSQL, where the budget is
MOST_CALLS, MOST_SECONDS = 200, 120
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

        parser.add_argument(
            "--calls", type=int, default=0, help="only load: so many calls a second, with consoles open"
        )
        parser.add_argument("--seconds", type=int, default=load.SECONDS, help="how long each turn of the load takes")

    def handle(
        self, *args, turns=200, times=bench_growth.TIMES, officials=0, calls=0, seconds=load.SECONDS, **options
    ):
        """Measure and print."""
        load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
        self.stdout.write(
            f"{connection.vendor}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}"
        )
        if calls:
            self._load(min(calls, MOST_CALLS), min(seconds, MOST_SECONDS))
            return
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

    def _load(self, calls: int, seconds: int) -> None:
        """Measure under load; an error of any request, or a call that a console did not show, is a failure."""
        if not settings.SIMULATOR:
            raise CommandError(
                "Load is made where the simulator is: in the demo or on a training site, not in production."
            )
        try:
            found = load.measure(calls, seconds)
        except (bench.NothingToMeasure, load_served.NotServed) as nothing:
            raise CommandError(str(nothing)) from nothing
        say = self.stdout.write
        say(
            f"{calls} calls a second, {found.requests_a_second} requests a second, {seconds} s a turn, {load.CONSOLES} consoles"
        )
        self._budget("CPU of the web processes by request of the provider, all they do counted, ms", found.cpu, None)
        for name, value in found.alone.items():
            say(f"      {name}, ms, calls alone: {value}")
        for name, value in found.watched.items():
            self._budget(f"{name}, ms, consoles open", value, load.BUDGET_P99 if name == "voice p99" else None)
        self._budget(
            "a console shows a call after, s, the latest", round(max(found.shown, default=0), 2), load.BUDGET_SHOWN
        )
        say(
            f"      half of them after {round(statistics.median(found.shown or [0]), 2)} s; not shown: {found.missing}"
        )
        say(f"      errors: {found.errors or 'none'}")
        if found.errors or found.missing:
            raise SystemExit(1)

    def _budget(self, name: str, value: float, budget: float | None) -> None:
        mark = "" if budget is None else "ok" if value <= budget else "OVER"
        self.stdout.write(f"{mark:4}  {name}: {value}" + ("" if budget is None else f" (budget {budget:g})"))

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
