"""manage.py worker: runs what is due, for ever or once."""

from django.core.management.base import BaseCommand

from cms import worker


class Command(BaseCommand):
    """Run the jobs of every room until stopped."""

    help = "Runs the jobs of every room: sends what is due, escalates what is late. --once runs each job once."

    def add_arguments(self, parser):
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="run each job once and end")

    def handle(self, *args, once=False, **options):
        """Run the worker."""
        worker.run(once=once)
