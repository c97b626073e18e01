import dataclasses

import pytest
from django.core.management import CommandError, call_command

from accounts import actions, chain, queries
from accounts.models import AuditEntry, AuditHead

PLACES = range(1, 41)


def links(count=40, words="read"):
    rows, prev = [], chain.GENESIS
    for seq in range(1, count + 1):
        body = chain.canonical({"verb": f"{words}.{seq}"})
        digest = chain.link_hash(seq, f"2026-11-25T10:00:{seq:02}", prev, body)
        rows.append(chain.Link(seq, f"2026-11-25T10:00:{seq:02}", body, prev, digest))
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


@pytest.mark.parametrize("place", range(1, 40))
def test_faults_finds_an_edited_row_whose_own_hash_was_made_anew(place):
    rows = links()
    head = head_of(rows)
    row = rows[place - 1]
    digest = chain.link_hash(row.seq, row.at, row.prev, "{}")
    rows[place - 1] = dataclasses.replace(row, body="{}", hash=digest)

    assert chain.faults(rows, head) == [chain.Fault(place + 1, "prev")]


def test_faults_finds_an_edited_last_row_whose_own_hash_was_made_anew_by_the_head():
    rows = links()
    head = head_of(rows)
    row = rows[-1]
    rows[-1] = dataclasses.replace(row, body="{}", hash=chain.link_hash(row.seq, row.at, row.prev, "{}"))

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
        AuditEntry.objects.filter(seq=row.seq).update(at=row.at, body=row.body, prev=row.prev, hash=row.hash)
    AuditHead.objects.update(seq=rows[-1].seq, hash=rows[-1].hash)


def test_record_appends_links_that_hold(recorded):
    assert queries.chain_faults() == []
    assert queries.chain_head()[0] == 10


def test_chain_faults_finds_what_was_done_to_the_rows(recorded):
    AuditEntry.objects.filter(seq=4).update(body="{}")

    assert chain.Fault(4, "hash") in queries.chain_faults()


def test_chain_faults_finds_a_stored_row_edited_with_its_hash_made_anew(recorded):
    row = AuditEntry.objects.get(seq=4)
    AuditEntry.objects.filter(seq=4).update(body="{}", hash=chain.link_hash(4, row.at, row.prev, "{}"))

    assert queries.chain_faults() == [chain.Fault(5, "prev")]


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
