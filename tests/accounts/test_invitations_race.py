"""Acts about one person's invitation that come at once wait for each other; none waits in a ring."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import actions
from accounts.models import Letter, User

ROUNDS = 12


@pytest.fixture
def locking(transactional_db):
    """A database on which two writers meet."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL locks rows")


def token_of(person):
    """Return the token in the newest letter of an invitation."""
    letter = Letter.objects.filter(receiver=actions.thing_id(person)).order_by("-id").first()
    line = next(line for line in actions.open_letter(letter).text.splitlines() if "/invitation/" in line)
    return line.rstrip("/").rsplit("/", 1)[1]


def at_once(*acts):
    """Do all acts at one moment, each on its own connection; return what each raised, or None."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(20)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.exception(30) for future in [pool.submit(run, act) for act in acts]]


def test_taking_up_an_invitation_while_it_is_sent_again_is_taken_up_or_replaced(locking, administrator, liberia, at):
    place = {"country": liberia, "language": "en", "office": None, "by": administrator, "at": at}
    for number in range(ROUNDS):
        email = f"n{number}@office.example"
        person = actions.invite(email=email, name="N", roles=["learner"], **place).user
        token = token_of(person)

        taken, again = at_once(
            lambda token=token: actions.accept_invitation(
                token=token, name="N", password="seven quiet lanterns", at=at
            ),
            lambda person=person: actions.invite_again(person=person, by=administrator, at=at),
        )

        is_open = User.objects.get(email=email).is_active
        assert isinstance(taken, actions.InvitationClosed) or (taken is None and is_open), repr(taken)
        assert isinstance(again, actions.AlreadyHere) or (again is None and not is_open), repr(again)


def test_an_import_beside_an_invitation_of_the_same_address_leaves_one_account(locking, administrator, court, at):
    place = {"country": court.country, "language": "en", "office": court}
    for number in range(ROUNDS):
        emails = [f"m{number}@office.example", f"a{number}@office.example"]
        rows = [
            {"name": "N", "email": email, "office": court.pk, "country": court.country_id, "language": "en"}
            for email in emails
        ]

        raised = at_once(
            lambda rows=rows: actions.import_officials(officials=rows, by=administrator, at=at),
            lambda email=emails[1]: actions.invite(
                email=email, name="N", roles=["learner"], by=administrator, at=at, **place
            ),
        )

        assert all(error is None or isinstance(error, actions.AlreadyHere) for error in raised), repr(raised)
        assert User.objects.filter(email=emails[1]).count() == 1
