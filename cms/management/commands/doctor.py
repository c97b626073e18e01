"""manage.py doctor: says what this machine or installation lacks, and how to mend it."""

import os
import shutil
from datetime import timedelta

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from accounts import queries as people
from accounts.choices import Role
from accounts.models import User
from accounts.queries import rotation
from accounts.sealing import KeyRing, NoSealKey
from cms import chores, doors, health
from hotline.queries import softphone, telephones
from hotline.queries.doors import looked_at
from hotline.retention import KEPT
from referral.queries import publishing
from training import drawing
from training.queries import indexes
from training.queries.holders import KEPT as UNUSED

LATELY = timedelta(days=7)


class Command(BaseCommand):
    """Look at everything the product needs; exit 1 when something is missing that it cannot do without."""

    help = "Says what this machine or installation lacks, and how to mend it."

    def handle(self, *args, **options):
        """Print one line per finding."""
        self.faults = 0
        self._machine()
        self._typefaces()
        self._installation()
        faults = health.faults()
        for fault in faults:
            self._bad(fault.words)
        if not {"database", "locked"} & {fault.code for fault in faults}:
            for words in [*(fault.words for fault in chores.chores()), *health.wrong_times()]:
                self._bad(words)
            self._doors()
        for message in run_checks(include_deployment_checks=settings.PROFILE == "production"):
            if not message.is_silenced():
                self._bad(f"{message.id}: {message.msg} {message.hint or ''}")
        self.stdout.write("Nothing is missing." if not self.faults else f"{self.faults} to mend.")
        if self.faults:
            raise SystemExit(1)

    def _bad(self, words):
        self.faults += 1
        self.stdout.write(f"MEND  {words}")

    def _good(self, words):
        self.stdout.write(f"ok    {words}")

    def _note(self, words):
        self.stdout.write(f"note  {words}")

    def _machine(self):
        for name, use, package in (
            ("chromium", "browser journeys and ./fanal screens", "chromium"),
            ("initdb", "tests on PostgreSQL", "postgresql"),
            ("xgettext", "./fanal messages", "gettext"),
        ):
            if shutil.which(name) or (name == "chromium" and os.environ.get("FANAL_CHROMIUM")):
                self._good(f"{name} is here, for {use}")
            else:
                self._note(f"{name} is not here; {use} need it: apt install {package}")

    def _typefaces(self):
        if families := drawing.missing():
            self._bad(
                f"No typeface {', '.join(families)}: certificates and sheets to print in these scripts are refused."
                f" apt install fonts-noto-core; or ./fanal setup, which puts them into {drawing.OWN_FOLDER}; then start anew."
            )
        else:
            self._good("the typefaces of every script are here")

    def _installation(self):
        self._good(f"profile {settings.PROFILE}, database {connection.vendor}")
        try:
            ring = KeyRing(settings.SEAL_KEYS)
            ring.keys("*")
        except NoSealKey:
            return  # what is wrong with it, health.faults says
        derived = [country.code for country in people.active_countries() if not ring.has_own(country.code)]
        if derived and settings.PROFILE == "production":
            self._bad(
                f"These countries have no seal key of their own: {', '.join(derived)}; add them to FANAL_SEAL_KEYS."
            )
        if settings.PROFILE == "production" and not User.objects.with_role(Role.ADMINISTRATOR).exists():
            self._note(
                "no administrator has an account: manage.py open_country with --administrator invites one, and run again"
                " says what became of the letter"
            )
        self._good("seal keys are here")
        self._browsers()
        self._rotation(ring)
        for line, count in telephones.lines_without(timezone.now()):
            self._bad(
                f"Line {line.number}: {count} on its roster of the coming 14 days have no verified telephone, so calls go"
                " to the duty phone. Each enters one under My telephone; the roster names them."
            )
        for version in publishing.damaged_versions():
            self._bad(
                f"The published pathway {version} no longer fits its hash, number or country: put it back from a backup."
            )

    def _browsers(self):
        """Say whether operators can talk in the browser, where that is asked for."""
        if not settings.TWILIO_VOICE_APP:
            self._note("no TWILIO_VOICE_APP is set: operators take calls on their own telephones, none in the browser")
        elif softphone.is_installed():
            self._good("the script of the telephone in the browser is here")
        else:
            self._bad(
                "The script of the telephone in the browser is not here, so nobody can take calls in it: ./fanal setup"
                " fetches it with npm, or says what else to do."
            )

    def _doors(self):
        """Say where numbers, SIP domains and trunks at the provider, or their fallbacks, are not as the lines need them."""
        for looked in looked_at():
            for fault in looked.faults:
                self._bad(doors.words_of(fault))
            if looked.unasked:
                self._note(doors.unasked_words(looked))
            elif not looked.faults:
                self._good(
                    f"the account {looked.account[:6]}… sends calls here, and its fallback rings the duty phone"
                )

    def _rotation(self, ring):
        left = rotation.left_under_older_keys(ring)
        if left.is_none:
            self._good("everything is sealed under the newest keys")
            self._older(ring.older())
        else:
            self._note(
                f"still under an older seal key: {left.data_keys} data keys, {left.letters} letters,"
                f" {left.factors} second factors; keep that key until the worker has sealed them anew"
            )
        self._damaged(ring)
        self._names(ring)
        self._codes(ring)

    def _older(self, older):
        """Say which of the older keys may go: those of * and index find numbers, whatever they seal or not."""
        finding = [name for name in older if name.startswith(("*:", "index:"))]
        if seals := [name for name in older if name not in finding]:
            self._note(f"may be taken out of FANAL_SEAL_KEYS: {', '.join(seals)}")
        if finding:
            self._note(
                f"keep {', '.join(finding)} for at least {KEPT.days} days from the day on which the newer key was put in front:"
                " numbers of before are found by it, and a number that said STOP to texts and has not come back by then"
                " is no longer recognised"
            )

    def _names(self, ring):
        """Say how many names on certificates are still compared under an older key of indexes."""
        left, unopened = indexes.names_left(ring.index_marks()[0])
        if left > unopened:
            self._note(
                f"{left - unopened} names on certificates are still compared under an older * or index key; keep that key"
                " until the worker has made their indexes anew"
            )
        if unopened:
            self._bad(
                f"{unopened} names on certificates cannot be opened to be compared under the newest index key: put their"
                " rows or keys back from a backup, and keep the older * or index key until then."
            )

    def _codes(self, ring):
        """Say which older keys still open codes of progress, and how many codes nothing that is here opens."""
        for name, count in indexes.codes_left(ring.older_index_marks()).items():
            self._note(
                f"keep {name} however long ago the newer key came: without it {count} codes of learners without an account"
                f" may open nothing; a code needs it until it is typed again or, unused for {UNUSED.days} days, forgotten"
            )
        if lost := indexes.codes_lost(ring.index_marks()):
            self._bad(
                f"{lost} codes of learners without an account open nothing, because the * or index key under which they"
                " are found was taken out: put it back behind the newer one in FANAL_SEAL_KEYS."
            )

    def _damaged(self, ring):
        for thing in rotation.damaged(ring):
            self._bad(
                f"{thing} cannot be opened with any key that is here: put its row or its key back from a backup."
            )
        if failed := rotation.unopened_since(timezone.now() - LATELY):
            self._bad(
                f"{failed} sealed values could not be opened lately: sealed.cannot_open in the audit log says which."
            )
