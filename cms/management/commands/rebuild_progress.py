"""`manage.py rebuild_progress --check`: prove that every progress row and test result is what its events fold to."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from training import actions


class Command(BaseCommand):
    """Fold every enrolment from its events; `--check` only tells, `--apply` writes and records it."""

    help = __doc__

    def add_arguments(self, parser):
        """Ask for exactly one of the two."""
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("--check", action="store_true", help="tell which enrolments differ; exit 1 if any does")
        choice.add_argument("--apply", action="store_true", help="write the folded state of those that differ")

    def handle(self, *args, **options):
        """Check or write."""
        if options["apply"]:
            count = actions.rebuild(by="rebuild_progress", at=timezone.now())
            self.stdout.write(f"{count} written")
            return
        count = 0
        for found in actions.differences():
            count += 1
            self.stdout.write(f"{found.enrolment} {', '.join(found.columns)}")
        if count:
            raise CommandError(f"{count} enrolments differ from their events.")
        self.stdout.write("Every progress row is what its events fold to.")
