"""manage.py create_demo: loads the demo once, and later brings its dates up to today, through the rooms' own actions."""

import gc
import time

from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver

from cms import demo, demo_guard


class Command(BaseCommand):
    """Load the demo, or bring the one that is there up to today."""

    help = "Loads the demo: countries, people, pages, courses, pathways, a day of calls. A later run writes the roster on."

    def handle(self, *args, **options):
        """Load the demo in one transaction; where it stands, write its roster and its checks on to today."""
        try:
            demo_guard.refuse_others()
        except demo_guard.NotADemo as error:
            raise CommandError(str(error)) from error
        if demo_guard.is_loaded():
            demo.roll()
            self.stdout.write("The demo is loaded already; its roster and the dates of its checks reach today.")
            return
        self.stdout.write("Loading the demo")
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)  # nearly all that a load makes stays: looking through it seldom saves 5 %
        get_resolver().url_patterns  # noqa: B018 -- the addresses' modules are read before the clock begins
        told = Clock(self.stdout)
        demo.load(told=told)
        told.sum_up()


class Clock:
    """Tells how long each step took, and in the end all of them, in seconds and in seconds of CPU."""

    def __init__(self, out):
        self.out, self.begun, self.spent = out, time.monotonic(), time.process_time()
        self.last, self.content = self.spent, 0.0

    def __call__(self, words: str) -> None:
        """Tell that a step is done."""
        now = time.process_time()
        took, self.last = now - self.last, now
        if words == demo.CONTENT:
            self.content = took
        self.out.write(f"  {took:4.1f} s  {words}")

    def sum_up(self) -> None:
        """Tell how long all of it took, and how much of that the product's own content."""
        seconds, cpu = time.monotonic() - self.begun, self.last - self.spent
        self.out.write(
            f"The demo is loaded ({seconds:.1f} s, {cpu:.1f} s of CPU: what the product ships {self.content:.1f}, "
            f"the demo's data {cpu - self.content:.1f})."
        )
