"""Run the practice network of the demo: the on-screen phones dial, hear and press through it."""

import signal
from threading import Event

from django.core.management.base import BaseCommand, CommandError

from hotline.simulator import Network, NotSimulated, SimulatorIsOff


class Command(BaseCommand):
    """`manage.py simulator`: until Ctrl-C."""

    help = "Runs the practice telephone network of the demo."

    def handle(self, *args, **options):
        """Carry out what people do on the on-screen phones until told to stop."""
        try:
            network = Network()
        except SimulatorIsOff as error:
            raise CommandError("The practice network exists only in the demo and on training sites.") from error
        except NotSimulated as error:
            raise CommandError(
                "Leave TWILIO_ACCOUNT_SID unset: the practice network has an account of its own."
            ) from error
        stop = Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_ignored: stop.set())
        network.run(stop)
