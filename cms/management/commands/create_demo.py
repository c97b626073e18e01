"""manage.py create_demo: loads the demo once, through the rooms' own actions."""

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
        begun = time.monotonic()
        demo.load()
        self.stdout.write(f"The demo is loaded ({time.monotonic() - begun:.1f} s).")
