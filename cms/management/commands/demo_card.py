"""manage.py demo_card: prints where the demo is and who is in it."""

from django.conf import settings
from django.core.management.base import BaseCommand

from cms import journeys


class Command(BaseCommand):
    """Print the address and the demo people."""

    help = "Prints the demo's address, its journeys and its people."

    def handle(self, *args, **options):
        """Print the card."""
        address = f"http://localhost:{settings.PORT}"
        self.stdout.write(f"\nFanal's demo is at {address}/en/demo/  (also http://127.0.0.1:{settings.PORT})\n")
        for journey in journeys.journeys():
            self.stdout.write(f"  {journey.title}: {journey.summary}")
        here = f"http://127.0.0.1:{settings.PORT}"
        self.stdout.write("\nOne person can play four, each in a tab of one browser:")
        self.stdout.write(f"  caller       {here}/en/demo/phone/: dial 2883")
        self.stdout.write(
            f"  operator     {here}/en/demo/people/: operator.lr, Console; N takes the call, ? lists all keys"
        )
        self.stdout.write(
            f"  interpreter  {here}/en/demo/phone/: the interpreter's phone, Only wait for a call; I rings it"
        )
        self.stdout.write(
            f"  supervisor   {address}/en/demo/people/ (the other name keeps the other sign-in): supervisor.lr,"
        )
        self.stdout.write(
            "               Board; G asks for her, T hands her the call. Her phone rings on a screen of its own,"
        )
        self.stdout.write("               or is answered by itself where none waits.")
        self.stdout.write("\nPeople (one click signs in as any of them):")
        for person in journeys.people():
            self.stdout.write(f"  {person.email:36} {person.name}")
        self.stdout.write("\nCtrl-C ends it.")
