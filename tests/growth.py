"""How much a page asks: a list costs the same at one row and at thirty more."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

MORE = 30


def statements(client, address: str) -> int:
    """Return how many statements a page needs once what processes keep in memory is there; it must answer."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    return len(caught)
