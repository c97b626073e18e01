"""Take the second step off an account from the server: for the last administrator who lost phone and recovery codes."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import actions
from accounts.choices import FactorLoss
from accounts.models import User

SPOKEN = "at_the_server"


class Command(BaseCommand):
    """Removes app, recovery codes and security keys of one account, after its address was typed twice."""

    help = (
        "Removes the second step of an account whose owner lost phone and recovery codes, and signs her out everywhere;"
        " at the next sign-in she sets up a new one. For the last administrator: everybody else is helped under People."
        " Make sure by voice or face to face who asks."
    )

    def add_arguments(self, parser):
        """Take the address, and why."""
        parser.add_argument("email", metavar="EMAIL", help="the address with which the person signs in")
        parser.add_argument(
            "--why", choices=FactorLoss.values, default="lost", help="what happened: lost unless given"
        )

    def handle(self, *args, email, why, **options):
        """Ask for the address again, then remove."""
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {email}.")
        self.stdout.write(f"{person} <{person.email}>: {', '.join(sorted(person.role_codes)) or 'no role'}")
        if self._typed().strip().lower() != person.email.lower():
            raise CommandError("This is not the same address. Nothing was changed.")
        if not actions.remove_factors(person=person, why=why, proof=SPOKEN, by="command", at=timezone.now()):
            raise CommandError("This account has no second step. Nothing was changed.")
        self.stdout.write(
            "The second step is removed, and every session has ended. A letter says so to this person and to the others"
            " who are to know. Now sign in with the password and set up a new second step at once."
        )

    def _typed(self) -> str:
        self.stdout.write("Type the address again to remove the second step: ", ending="")
        self.stdout.flush()
        try:
            return input()
        except EOFError as error:
            raise CommandError("Nobody typed the address again. Nothing was changed.") from error
