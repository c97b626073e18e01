"""manage.py open_country: makes all that a country needs before its line is called. What people edited stays."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms import actions, opening


class Command(BaseCommand):
    """Read the order, run the one action, say what was made, kept and left to do."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare what may be typed."""
        parser.add_argument("code", help="two letters of ISO 3166, such as LR")
        for name, words in (
            ("--name", "the country's name in English"),
            ("--slug", "its part of the address, such as liberia"),
            ("--languages", 'most used first: "en fr"'),
            ("--zone", "time zone, such as Africa/Monrovia"),
            ("--area-word", "what a region is called: County"),
            ("--duty-phone", "rings when nobody else can answer, with + and country code"),
            ("--other-number", "the number that the line names at the end"),
            ("--hours", f'when the line is open, 0 is Monday: "0-4 08:00-16:00"; day and night: "{opening.ALL_DAY}"'),
        ):
            parser.add_argument(name, required=True, help=words)
        parser.add_argument("--line", required=True, action="append", help="a number it answers; the first is shown")
        parser.add_argument("--account", default="", help="account SID at Twilio; needed unless --practice")
        parser.add_argument(
            "--police-number",
            default="",
            help="the local police, or another emergency service; needed unless --practice",
        )
        parser.add_argument("--weekend", default="5 6", help='days off, 0 is Monday: "5 6"')
        parser.add_argument("--areas", default="", help='names with commas: "Montserrado,Nimba"')
        parser.add_argument("--pathway", default="", help="a seed, loaded as a draft: liberia-nrm, generic-nrm")
        parser.add_argument("--administrator", default="", help="e-mail address of somebody to invite")
        parser.add_argument("--practice", action="store_true", help="for the on-screen phone only: no real calls")
        parser.add_argument("--free", action="store_true", help="the number costs the caller nothing")
        parser.add_argument("--open-on-holidays", action="store_true", help="holidays are days like others")
        parser.add_argument("--courses", action="store_true", help="load the courses too")

    def handle(self, *args, **options):
        """Open the country; exit 2 when the order cannot be followed as typed, 1 when it has no line yet."""
        try:
            order = opening.read(options)
        except opening.OpeningRefused as refused:
            for fault in refused.faults:
                self.stderr.write(fault)
            raise SystemExit(2) from refused
        report = actions.open_country(opening=order, by="open_country", at=timezone.now())
        for word, rows in (("made", report.made), ("kept", report.kept), ("LEFT", report.left)):
            for row in rows:
                self.stdout.write(f"{word}  {row}")
        if not report.made:
            self.stdout.write(f"Nothing changed: {order.name} stands already.")
        if not report.has_line:
            raise SystemExit(1)
