"""manage.py bench: measures CPU, bytes, queries and requests against their budgets."""

import os
import platform

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cms import bench, scratch


class Command(BaseCommand):
    """Measure on a copy of the database and print each figure beside its budget; the database stays as it is."""

    help = "Measures the lesson page and the voice webhook: CPU, bytes, queries, requests; on a copy of the database."

    def add_arguments(self, parser):
        """Take --turns."""
        parser.add_argument("--turns", type=int, default=200, help="how often each thing is measured")

    def handle(self, *args, turns=200, **options):
        """Measure and print."""
        failed = False
        load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
        self.stdout.write(
            f"{connection.vendor}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}"
        )
        try:
            figures = bench.figures(turns)
        except (bench.NothingToMeasure, scratch.ConnectionLost) as nothing:
            raise CommandError(str(nothing)) from nothing
        for figure in figures:
            failed = failed or not figure.holds
            mark = "ok  " if figure.holds else "OVER"
            self.stdout.write(f"{mark}  {figure.name:58} {figure.value:>10} {figure.unit:8} budget {figure.budget}")
        if failed:
            raise SystemExit(1)
