"""What every call passes reads and locks nothing that grows: no learners of the country, no years of shifts."""

import datetime as dt
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline.models import Command, Contact, Opposition, Shift
from hotline.queries.asking import last_order
from hotline.queries.bar import bar_of
from hotline.queries.colleagues import part_of
from hotline.queries.console import desk, due
from hotline.queries.duty import OnDuty, on_duty
from hotline.queries.legs import lock_number
from hotline.queries.limit import orders_out
from hotline.queries.lines import line_by_id
from hotline.queries.log import followers
from hotline.queries.one_number import told_of
from hotline.queries.same_person import MOST, suggested
from hotline.queries.shields import people_to_name
from hotline.queries.stopping import is_start_early
from tests.hotline.conftest import Network
from tests.hotline.thirds import conversation_with_an_operator  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


def statement_of_duty(line, at):
    facts = line_by_id(line.pk)
    with CaptureQueriesContext(connection) as asked:
        OnDuty(facts, at).targets("en")
    (one,) = [query["sql"] for query in asked if "hotline_shift" in query["sql"]]
    return one


def test_who_is_on_duty_is_found_without_the_learners_of_the_country(line, at):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what it counted; SQLite by its indexes alone.")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement_of_duty(line, at)}")
        plan = [row[3] for row in cursor.fetchall()]

    assert any("hotline_operatorstate" in step for step in plan)
    assert not any("accounts_user_country" in step for step in plan)
    assert any("hotline_shift" in step and "starts_at>" in step and "starts_at<" in step for step in plan)


def steps_run(read):
    """Return how many steps SQLite's machine runs for what is read: it grows with every row that is looked at."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does not count its steps.")
    connection.ensure_connection()
    count, every = itertools.count(), 10
    connection.connection.set_progress_handler(lambda: next(count) * 0, every)
    try:
        read()
    finally:
        connection.connection.set_progress_handler(None, every)
    return next(count) * every


@pytest.mark.parametrize("way", ["calls", "board"])
def test_years_of_roster_cost_who_asks_for_those_on_duty_nothing(line, operator, at, way):
    facts = line_by_id(line.pk)
    read = {"calls": lambda: OnDuty(facts, at).targets("en"), "board": lambda: on_duty(line, at)}[way]
    before = steps_run(read)
    day, eight = dt.timedelta(days=1), dt.timedelta(hours=8)
    starts = [at - 10 * day - number * day for number in range(2_000)]
    Shift.objects.bulk_create(Shift(line=line, user=operator, starts_at=one, ends_at=one + eight) for one in starts)

    assert steps_run(read) < 2 * before


def steps_of(read):
    """Return how SQLite finds the rows of what is read, step by step."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what it counted; SQLite by its indexes alone.")
    with CaptureQueriesContext(connection) as asked:
        read()
    found = []
    with connection.cursor() as cursor:
        for query in (one for one in asked if one["sql"].startswith("SELECT")):
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            found += [row[3] for row in cursor.fetchall()]
    return found


def reads_years(step):
    """Tell whether a step reads all contacts of a country, or all calls for third persons."""
    names_all = step.startswith(("SCAN hotline_contact", "SCAN hotline_thirdcall"))
    is_of_country = step.startswith("SEARCH hotline_contact") and "_con_country_" in step
    return names_all or (
        is_of_country and "started_at>" not in step and "changed_at>" not in step
    )  # since when is few


def test_orders_are_found_by_their_contact_or_telephone_however_many_were_given(talk, operator, clock):
    leg = talk.legs.get(role="operator")
    ways = {
        "out of the room": lambda: list(orders_out(talk, "limit", "nobody")),
        "to a question": lambda: last_order(talk),
        "the console": lambda: bar_of(talk, user=operator, is_mine=True, at=clock.now),
        "of a telephone": lambda: Command.objects.filter(leg=leg, kind="hang_up").exists(),
    }
    for name, read in ways.items():
        steps = [step for step in steps_of(read) if "hotline_command" in step]
        assert steps, name
        assert not any(step.startswith("SCAN hotline_command") for step in steps), (name, steps)
        assert all("contact_id=?" in step or "leg_id=?" in step for step in steps), (name, steps)


def test_what_is_due_is_counted_among_what_is_open(operator, at):
    steps = steps_of(lambda: due(operator, at=at))

    assert "SEARCH hotline_contact USING INDEX contact_to_follow_up (country_id=?)" in steps
    assert "SEARCH hotline_contact USING INDEX contact_to_wrap_up (country_id=?)" in steps
    assert not any(reads_years(step) or "DISTINCT" in step for step in steps)


def test_a_part_in_colleagues_calls_is_found_among_those_that_go_on_or_went_now(operator, at):
    steps = steps_of(lambda: part_of(operator, at))

    own = [step.partition("(")[2] for step in steps if "third_of_a_person" in step]
    assert own == ["person_id=? AND state=?)", "person_id=? AND state=? AND ended_at>?)"]
    assert not any(reads_years(step) for step in steps)


def test_a_console_that_changed_reads_what_is_at_hand_and_not_the_years_of_its_country(line, operator, at):
    steps = steps_of(lambda: desk(operator, at=at))

    assert [step for step in steps if reads_years(step)] == []
    for index in ("contact_under_way", "contact_claimed", "message_unread"):
        assert any(index in step for step in steps), index


def test_a_first_request_and_a_key_open_one_transaction_each(network, client):
    network.call()  # the first of the month makes the month's key
    network = Network(client)
    with CaptureQueriesContext(connection) as first:
        network.call()
    with CaptureQueriesContext(connection) as key:
        network.step("language", 1, Digits="1")

    for asked in (first, key):
        assert sum(query["sql"].startswith("SAVEPOINT") for query in asked) == 1


def test_who_could_be_named_or_given_a_follow_up_is_read_without_the_learners(person, liberia, operator, at):
    for _one in range(3):
        person("learner", country=liberia)

    for read in (lambda: people_to_name("LR"), lambda: followers(operator)):
        with CaptureQueriesContext(connection) as asked:
            found = read()
        assert operator in found
        with connection.cursor() as cursor:
            cursor.execute(asked[0]["sql"])
            assert len(cursor.fetchall()) == len(found)


def test_what_is_of_one_number_is_found_by_it_and_not_among_all_contacts(network, operator, at):
    contact = network.text()
    Opposition.objects.create(line=contact.line, number_index=contact.number_index, channel="sms", at=at)
    text = {"MessageSid": "SM" + "2" * 32, "From": "+231770000001", "To": "2883", "Body": "Again", "NumMedia": "0"}
    ways = {
        "a text": lambda: network.post("/hotline/twilio/message/", text),
        "the lock of a number": lambda: lock_number(contact),
        "what is known of it": lambda: told_of([contact]),
        "the same number": lambda: suggested(operator, contact),
        "an early START": lambda: is_start_early(contact),
    }
    for name, read in ways.items():
        steps = steps_of(read)
        assert any("contact_by_number (number_index=?" in step for step in steps), (name, steps)
        assert not any(reads_years(step) or step.startswith("SCAN hotline_contactevent") for step in steps), (
            name,
            steps,
        )


def test_of_a_number_that_called_often_the_last_alone_are_read_to_suggest_them(network, operator, at):
    contact, facts = network.text(), {"started_at": at, "changed_at": at}
    same = {"line": contact.line, "country": contact.country, "caller_class": contact.caller_class}
    earlier = [Contact(**same, number_index=contact.number_index, **facts) for _call in range(3 * MOST)]
    Contact.objects.bulk_create(earlier)

    with CaptureQueriesContext(connection) as asked:
        found = suggested(operator, contact)
    (read,) = [query["sql"] for query in asked if "number_index" in query["sql"].partition(" WHERE ")[2]]
    with connection.cursor() as cursor:
        cursor.execute(read)
        rows = cursor.fetchall()

    assert [row.pk for row in found] == [row.pk for row in reversed(earlier)][:MOST]
    assert len(rows) == MOST
    steps = steps_of(lambda: connection.cursor().execute(read))
    assert any("contact_by_number (number_index=?" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps
