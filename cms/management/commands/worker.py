"""manage.py worker: runs what is due, for ever or once."""

from django.core.management.base import BaseCommand, CommandError

from cms import demo_guard, worker


class Command(BaseCommand):
    """Run the jobs of every room until stopped."""

    help = "Runs the jobs of every room: sends what is due, escalates what is late. --once runs each job once."

    def add_arguments(self, parser):
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="run each job once and end")

    def handle(self, *args, once=False, **options):
        """Run the worker, unless the database is empty or a real installation's and the keys are the demo's."""
        try:
            demo_guard.refuse_to_open()
            worker.refuse_empty()
        except (demo_guard.NotADemo, worker.DatabaseIsEmpty) as error:
            raise CommandError(str(error)) from error
        worker.run(once=once)
