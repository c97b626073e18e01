"""manage.py create_demo: loads the demo once, through the rooms' own actions."""

import gc
import time

from django.core.management.base import BaseCommand

from cms import demo


class Command(BaseCommand):
    """Load the demo, or say that it is there."""

    help = "Loads the demo: countries, people, pages, courses, pathways, a day of calls. A second run changes nothing."

    def handle(self, *args, **options):
        """Load the demo in one transaction."""
        if demo.is_loaded():
            self.stdout.write("The demo is loaded already.")
            return
        self.stdout.write("Loading the demo")
        gc.freeze()
        gc.set_threshold(100_000, 20, 20)  # nearly all that a load makes stays: looking through it seldom saves 5 %
        begun, spent = time.monotonic(), time.process_time()
        demo.load()
        seconds, cpu = time.monotonic() - begun, time.process_time() - spent
        self.stdout.write(f"The demo is loaded ({seconds:.1f} s, {cpu:.1f} s of CPU).")
