"""manage.py rotate_issuer_key: a new key to sign badges with; or take out one that others may have."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from training import actions


class Command(BaseCommand):
    """Make a new key, which signs in seven days; with --now at once; with --remove take one out of the document."""

    help = "Makes a new key to sign badges with (once a year), or removes one that was stolen."

    def add_arguments(self, parser):
        """Take --now and --remove NAME."""
        parser.add_argument("--now", action="store_true", help="the new key signs at once, not in seven days")
        parser.add_argument("--remove", metavar="NAME", help="take this key out: nothing it signed is good any more")

    def handle(self, *args, **options):
        """Rotate or remove, and say what follows."""
        now = timezone.now()
        if name := options["remove"]:
            try:
                actions.remove_key(name=name, by="command", at=now)
            except actions.NoSuchKey as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                f"Key {name} is out. Holders fetch their badges anew; codes and pages stay as they were."
            )
            return
        key = actions.rotate_key(by="command", at=now, is_urgent=options["now"])
        self.stdout.write(f"Key {key.name} is published and signs from {key.first_at:%Y-%m-%d %H:%M} UTC.")
