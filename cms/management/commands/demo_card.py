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
        self.stdout.write("\nPeople (one click signs in as any of them):")
        for person in journeys.people():
            self.stdout.write(f"  {person.email:36} {person.name}")
        self.stdout.write("\nCtrl-C ends it.")
