"""manage.py simulate_call SCRIPT: plays a scripted call through the real webhooks and shows each step."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hotline.demo import play
from hotline.telephony.scripts import ScriptFault


class Command(BaseCommand):
    """Play one script; exit 1 when an expectation was not met, 2 when the script is not understood."""

    help = "Plays a scripted call in the terminal: a file, or the name of one in hotline/scripts (answered, danger …)."

    def add_arguments(self, parser):
        """Take the script."""
        parser.add_argument("script", help="a file, or the name of a script in hotline/scripts")

    def handle(self, *args, script, **options):
        """Play the script."""
        try:
            done = play.play_script(play.script_text(script), at=timezone.now(), write=self.stdout.write)
        except ScriptFault as error:
            self.stderr.write(str(error))
            sys.exit(2)
        except (play.NoSuchScript, play.ScriptUnreadable, play.SimulatorIsOff) as error:
            raise CommandError(str(error), returncode=2) from error
        if not done:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("The call went as the script expects."))
