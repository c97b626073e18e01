"""manage.py check_words: the catalogues and the style sheets keep their rules."""

from django.core.management.base import BaseCommand

from cms import styles
from languages import catalogues


class Command(BaseCommand):
    """Print each finding; exit 1 when there is one."""

    help = "Checks the 15 catalogues and the style sheets."

    def handle(self, *args, **options):
        """Check and print."""
        found = [*styles.faults(), *(str(fault) for fault in catalogues.check())]
        for line in found:
            self.stdout.write(line)
        if found:
            raise SystemExit(1)
