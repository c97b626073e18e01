"""manage.py screens: takes the six main screens anew, from the demo, with Chromium."""

from django.core.management.base import BaseCommand

from cms import screens


class Command(BaseCommand):
    """Serve the demo from an empty folder, walk to each screen and take it."""

    help = "Takes the six main screens into docs/screens, from a demo of its own; needs Chromium and the test tools."

    def handle(self, *args, **options):
        """Take the screens and name them."""
        for path in screens.take():
            self.stdout.write(str(path))
