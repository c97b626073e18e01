import dataclasses

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import actions, chain, queries
from accounts.models import AuditEntry, AuditHead

PLACES = range(1, 41)


def links(count=40, words="read"):
    rows, prev = [], chain.GENESIS
    for seq in range(1, count + 1):
        columns = {"verb": f"{words}.{seq}", "actor": "tests", "thing": f"tests.thing:{seq}", "country": "LR"}
        body = chain.canonical(columns | {"field": "phone"})
        digest = chain.link_hash(seq, f"2026-11-25T10:00:{seq:02}", prev, body)
        rows.append(chain.Link(seq, f"2026-11-25T10:00:{seq:02}", body, prev, digest, **columns))
        prev = digest
    return rows


def head_of(rows):
    return rows[-1].seq, rows[-1].hash


def test_faults_finds_none_in_a_whole_chain():
    rows = links()

    assert chain.faults(rows, head_of(rows)) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("column", ["at", "body", "prev", "hash", "seq"])
def test_faults_finds_an_edit_of_any_column_anywhere(place, column):
    rows = links()
    head = head_of(rows)
    value = 99 if column == "seq" else "1" * 64
    rows[place - 1] = dataclasses.replace(rows[place - 1], **{column: value})

    assert chain.faults(rows, head) != []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("column", ["verb", "actor", "thing", "country"])
@pytest.mark.parametrize("value", ["", "key.made"])
def test_faults_finds_an_edit_of_a_column_beside_the_body_anywhere(place, column, value):
    rows = links()
    rows[place - 1] = dataclasses.replace(rows[place - 1], **{column: value})

    assert chain.faults(rows, head_of(rows)) == [chain.Fault(place, "columns")]


@pytest.mark.parametrize("body", ["", "{", "[]", "1", "[" * 100_000, '{"verb": "read.4"}'])
def test_faults_names_the_columns_of_a_body_that_does_not_hold_them(body):
    rows = links()
    rows[3] = dataclasses.replace(rows[3], body=body)

    assert chain.faults(rows, head_of(rows)) == [chain.Fault(4, "hash"), chain.Fault(4, "columns")]


@pytest.mark.parametrize("place", range(1, 40))
def test_faults_finds_an_edited_row_whose_own_hash_was_made_anew(place):
    rows = links()
    head = head_of(rows)
    row = rows[place - 1]
    body = row.body.replace("phone", "email")
    rows[place - 1] = dataclasses.replace(row, body=body, hash=chain.link_hash(row.seq, row.at, row.prev, body))

    assert chain.faults(rows, head) == [chain.Fault(place + 1, "prev")]


def test_faults_finds_an_edited_last_row_whose_own_hash_was_made_anew_by_the_head():
    rows = links()
    head = head_of(rows)
    row = rows[-1]
    body = row.body.replace("phone", "email")
    rows[-1] = dataclasses.replace(row, body=body, hash=chain.link_hash(row.seq, row.at, row.prev, body))

    assert chain.faults(rows, head) == [chain.Fault(41, "gap")]


@pytest.mark.parametrize("place", PLACES)
def test_faults_finds_a_deleted_row_anywhere(place):
    rows = links()
    head = head_of(rows)
    del rows[place - 1]

    assert chain.Fault(place, "gap") in chain.faults(rows, head)


@pytest.mark.parametrize("kept", range(40))
def test_faults_finds_a_cut_tail(kept):
    rows = links()

    assert chain.faults(rows[:kept], head_of(rows)) != []


@pytest.mark.parametrize("place", PLACES)
def test_faults_finds_two_rows_changed_about(place):
    rows = links()
    head = head_of(rows)
    other = place % 40
    rows[place - 1], rows[other] = rows[other], rows[place - 1]

    assert chain.faults(rows, head) != []


@pytest.fixture
def recorded(db, at):
    for number in range(10):
        actions.record(by="tests", verb="thing.read", thing=f"tests.thing:{number}", at=at)


def rewrite_all():
    """Rewrite the whole chain with other words, head included, as somebody with the database could."""
    rows = links(10, "other")
    for row in rows:
        AuditEntry.objects.filter(seq=row.seq).update(**dataclasses.asdict(row))
    AuditHead.objects.update(seq=rows[-1].seq, hash=rows[-1].hash)


def test_record_appends_links_that_hold(recorded):
    assert queries.chain_faults() == []
    assert queries.chain_head()[0] == 10


def test_chain_faults_finds_what_was_done_to_the_rows(recorded):
    AuditEntry.objects.filter(seq=4).update(body="{}")

    assert chain.Fault(4, "hash") in queries.chain_faults()


def test_chain_faults_finds_a_stored_row_edited_with_its_hash_made_anew(recorded):
    row = AuditEntry.objects.get(seq=4)
    body = row.body.replace("}", ',"note":"x"}')
    AuditEntry.objects.filter(seq=4).update(body=body, hash=chain.link_hash(4, row.at, row.prev, body))

    assert queries.chain_faults() == [chain.Fault(5, "prev")]


def shown_columns():
    """Return every column of an entry that no hash holds: whoever adds one has it compared with the body."""
    held = {"seq", "at", "body", "prev", "hash"}
    return [field.name for field in AuditEntry._meta.concrete_fields if field.name not in held]


def test_every_column_beside_the_body_is_compared_with_it():
    assert sorted(shown_columns()) == sorted(chain.COLUMNS)


@pytest.mark.parametrize("column", shown_columns())
def test_verify_audit_names_an_entry_of_which_a_column_was_changed(recorded, column):
    AuditEntry.objects.filter(seq=4).update(**{column: "XX"})

    with pytest.raises(CommandError, match="broken in 1 places:\nentry 4: columns, its verb, actor, thing or country"):
        call_command("verify_audit")


def test_verify_audit_names_an_entry_that_bears_the_columns_of_another_act(recorded):
    AuditEntry.objects.filter(seq=10).update(actor="worker", verb="key.made", thing="", country="")

    with pytest.raises(CommandError, match="entry 10: columns"):
        call_command("verify_audit")


def test_what_is_recorded_while_the_chain_is_checked_is_no_break(recorded, at):
    acts = iter(range(1, 4))

    def meanwhile(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.lstrip().startswith('SELECT "accounts_audit') and next(acts, None):
            actions.record(by="tests", verb="thing.read", at=at)  # its own statements are written without quotes
        return result

    with connection.execute_wrapper(meanwhile):
        found = queries.chain_faults()

    assert (found, queries.chain_head()[0] > 10) == ([], True)


def test_chain_faults_finds_what_was_added_behind_the_head(recorded):
    AuditHead.objects.update(seq=7, hash=AuditEntry.objects.get(seq=7).hash)

    assert queries.chain_faults() == [chain.Fault(8, "gap")]


def test_chain_faults_finds_a_cut_tail_by_the_head(recorded):
    AuditEntry.objects.filter(seq__gt=7).delete()

    assert queries.chain_faults() == [chain.Fault(8, "gap")]


def test_chain_faults_finds_a_full_rewrite_only_by_an_anchor(recorded):
    anchor = queries.chain_head()

    rewrite_all()

    assert queries.chain_faults() == []
    assert queries.chain_faults([anchor]) == [chain.Fault(10, "anchor")]


def test_commands_anchor_and_verify(recorded, tmp_path, capsys):
    anchors = tmp_path / "anchors.txt"
    call_command("anchor_audit", to=str(anchors))
    call_command("verify_audit", anchors=str(anchors))

    assert "is whole: 10 entries, 1 anchors" in capsys.readouterr().out
    rewrite_all()
    with pytest.raises(CommandError, match="entry 10: anchor"):
        call_command("verify_audit", anchors=str(anchors))


def test_verify_audit_refuses_a_line_that_is_no_anchor(recorded, tmp_path):
    anchors = tmp_path / "anchors.txt"
    anchors.write_text("ten\n")

    with pytest.raises(CommandError, match="Line 1"):
        call_command("verify_audit", anchors=str(anchors))


def test_audit_of_returns_what_was_done_with_one_thing(recorded):
    assert [entry.seq for entry in queries.audit_of("tests.thing:3")] == [4]
