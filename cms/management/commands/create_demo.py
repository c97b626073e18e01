"""manage.py create_demo: loads the demo once, and later brings its dates up to today, through the rooms' own actions."""

import gc
import time

from django.core.management.base import BaseCommand, CommandError

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
        begun, spent = time.monotonic(), time.process_time()
        demo.load()
        seconds, cpu = time.monotonic() - begun, time.process_time() - spent
        self.stdout.write(f"The demo is loaded ({seconds:.1f} s, {cpu:.1f} s of CPU).")
