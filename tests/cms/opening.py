"""A country that is opened by the command: what is typed, and what came of it."""

from io import StringIO

import pytest
from django.core.management import call_command

from hotline import queries

ACCOUNT = "AC" + "1" * 32


ORDER = {
    "name": "Liberia", "slug": "liberia", "languages": "en fr", "zone": "Africa/Monrovia", "area_word": "County",
    "line": ["2883", "+2312883"], "account": ACCOUNT, "duty_phone": "+231770123456", "other_number": "116", "police_number": "911",
    "hours": "0-4 08:00-16:00", "areas": "Montserrado,Nimba", "free": True,
}  # fmt: skip


@pytest.fixture
def account(root, settings):
    """An installation with a real account, and no memory of lines."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, "token"
    queries.forget_lines()
    yield
    queries.forget_lines()


def typed_words(order):
    """Return an order as the words that a person types after the command."""
    words = []
    for name, value in order.items():
        option = "--" + name.replace("_", "-")
        for one in value if isinstance(value, list) else [value]:
            words += [option] * (one is not False) if isinstance(one, bool) else [option, one]
    return words


def run(code="LR", **changes):
    """Open a country: the exit code, what was said, and what was said to be wrong."""
    out, wrong, left = StringIO(), StringIO(), 0
    try:
        call_command("open_country", code, *typed_words(ORDER | changes), stdout=out, stderr=wrong)
    except SystemExit as ended:
        left = ended.code
    return left, out.getvalue(), wrong.getvalue()


def left_to_do(said):
    """Return what a run left to do, but for the number of the police, which nobody has put on the public pages yet."""
    return [row for row in said.splitlines() if row.startswith("LEFT") and "the public pages show none" not in row]


@pytest.fixture
def open_country(db, account):
    """A factory of runs in an installation where no country stands."""
    return run
