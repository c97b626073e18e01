"""Of racing browsers exactly one opens each link."""

import datetime as dt
import threading

from django.db import connections

from referral.actions import links
from referral.models import AgencyLink
from tests.referral.offers import LINKS, RACERS


def test_of_racing_browsers_exactly_one_opens_each_link(transactional_db, offer, at, file_database):
    referral, code, _path = offer
    tokens = [f"race-{number}" for number in range(LINKS)]
    AgencyLink.objects.bulk_create(
        AgencyLink(
            country=referral.case.country, referral=referral, token_digest=links.token_digest(token), made_at=at,
            code_digest=links.code_digest(links.token_digest(token), code), made_by="test",
            expires_at=at + dt.timedelta(hours=1),
        )
        for token in tokens
    )  # fmt: skip
    connect, start = file_database(), threading.Barrier(RACERS)
    won, lost, faults = [], [], []

    def race(name):
        connect()
        try:
            for token in tokens:
                start.wait()
                try:
                    links.redeem(token=token, code=code, secret=name, at=at)
                    won.append(token)
                except links.DeadLink:
                    lost.append(token)
        except Exception as error:  # noqa: BLE001 -- the main thread asserts that there was none
            faults.append(error)
            start.abort()
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=race, args=(f"browser {number}",)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert sorted(won) == sorted(tokens)
    assert len(lost) == LINKS * (RACERS - 1)
