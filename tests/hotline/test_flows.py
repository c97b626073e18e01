"""Versions of a line's call flow: drafted, published with everything that is wrong told, kept by calls under way."""

from dataclasses import replace
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from hotline import tasks
from hotline.actions import flows, lines
from hotline.ivr import Plan
from hotline.models import Contact, FlowVersion, Line, Prompt
from hotline.queries.alarm import alarm_of
from hotline.queries.console import due
from hotline.queries.figures import facts_of
from hotline.queries.flows import digest_of, draft_number, live_flow, plan_now, plan_of
from hotline.queries.lines import forget_lines, last_known, line_by_id, memory, week_of
from hotline.queries.log import missed_contacts
from hotline.queries.spoken import unheard

CLOSED_ALL_DAY = {day: [] for day in range(7)}


@pytest.fixture
def manager(person, liberia):
    """A manager of the line's country; no browser."""
    return person("manager", country=liberia)


@pytest.fixture
def other_manager(person, liberia):
    """Another one."""
    return person("manager", country=liberia)


def publish(line, by, at, **changes):
    line.refresh_from_db()
    live = live_flow(line)
    plan = replace(memory().by_id[line.pk].plan, **changes)
    draft = flows.draft_flow(line=line, plan=plan, by=by, at=at)
    seen = {"seen": draft.digest, "seen_live": live.number if live else 0}
    return flows.publish_flow(draft=draft, by=by, at=at, for_practice=True, **seen)


def test_publishing_writes_what_callers_hear_and_keeps_one_live_version(line, manager, at):
    first = publish(line, manager, at, wait_minutes=4)
    second = publish(line, manager, at, languages=(("1", "fr"), ("2", "en")), danger_key="8", police_number="113")

    line.refresh_from_db()
    first.refresh_from_db()
    known = line_by_id(line.pk)
    assert (line.language_keys, line.police_number, line.wait_minutes, line.version) == ("1:fr 2:en", "113", 4, 2)
    assert (known.flow_id, known.plan.danger_key, known.languages) == (second.pk, "8", (("1", "fr"), ("2", "en")))
    assert (first.state, first.retired_at, second.state, second.number) == ("retired", at, "live", 2)
    assert AuditEntry.objects.filter(verb="hotline.flow_published").count() == 2


def test_the_database_holds_one_live_version_and_one_draft_of_a_line(line, manager, at):
    live = publish(line, manager, at)
    draft = flows.draft_flow(line=line, plan=Plan(), by=manager, at=at)

    for row in (live, draft):
        row.pk, row.number = None, row.number + 5
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_draft_is_kept_with_what_is_wrong_and_refused_with_all_of_it(line, manager, at):
    plan = replace(plan_of(line), duty_phone="", after_hours="forward", danger_key="1")
    draft = flows.draft_flow(line=line, plan=plan, by=manager, at=at)

    with pytest.raises(flows.FlowRefused) as refused:
        flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=0)

    assert {fault.name for fault in refused.value.faults} == {"danger_key", "duty_phone", "after_hours_number"}
    assert line_by_id(line.pk).plan == plan_of(line)


def test_a_live_line_publishes_no_language_that_has_an_empty_cell(line, manager, at):
    Line.objects.filter(pk=line.pk).update(is_practice=False)
    line.refresh_from_db()
    plan = replace(plan_of(line), languages=(("1", "en"), ("2", "ht")), takes_messages=False)
    draft = flows.draft_flow(line=line, plan=plan, by=manager, at=at)

    with pytest.raises(flows.FlowRefused) as refused:
        flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=0)

    (fault,) = refused.value.faults
    assert (fault.code, fault.values["language"]) == ("no_words", "ht")
    assert {"offer_callback", "danger_key", "greeting"} <= set(fault.values["prompts"])
    assert {"position", "next_in_line", "digit_7", "interpreter_joins", "agency_joins"} <= set(fault.values["prompts"])
    assert not {"voicemail", "offer_message", "greeting_paid"} & set(fault.values["prompts"])


def test_words_that_cannot_be_heard_are_published_only_by_who_says_that_it_is_for_practice(line, manager, at):
    Prompt.objects.update(text_rw="Amagambo")
    forget_lines()
    plan = replace(plan_of(line), languages=(("1", "en"), ("2", "rw")))
    draft = flows.draft_flow(line=line, plan=plan, by=manager, at=at)

    with pytest.raises(flows.OnlyForPractice):
        flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=0)

    assert live_flow(line) is None
    flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=0, for_practice=True)
    assert live_flow(line).pk == draft.pk


def test_what_somebody_else_saved_or_published_meanwhile_is_not_overwritten(line, manager, other_manager, at):
    seen = flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=5), by=manager, at=at)
    flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=6), by=other_manager, at=at, seen=seen.digest)

    with pytest.raises(flows.FlowChangedMeanwhile):
        flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=7), by=manager, at=at, seen=seen.digest)
    with pytest.raises(flows.FlowChangedMeanwhile):
        flows.publish_flow(draft=seen, by=manager, at=at, seen=seen.digest, seen_live=0)

    draft = FlowVersion.objects.get(line=line)
    with pytest.raises(flows.FlowChangedMeanwhile):
        flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=3)


def test_a_change_of_the_line_itself_is_a_version_of_its_flow(line, manager, at):
    publish(line, manager, at, danger_key="8")
    line.refresh_from_db()
    lines.change_line(
        line=line, facts={"duty_phone": "+231770001111"}, week={}, version=line.version, by=manager, at=at
    )
    lines.change_line(line=line, facts={"name": "Other"}, week={}, version=line.version + 1, by=manager, at=at)
    lines.add_language(line=line, code="es", by=manager, at=at)

    live, (last, *_rest) = live_flow(line), line_by_id(line.pk).languages[::-1]
    assert (live.number, live.body["danger_key"], live.body["duty_phone"]) == (3, "8", "+231770001111")
    assert last[1] == "es"
    assert live.digest == digest_of(line_by_id(line.pk).plan)


def test_a_language_is_put_on_no_key_that_means_something_else_on_this_line(line, manager, at):
    publish(line, manager, at, danger_key="7", silent_key="6", languages=(("1", "en"), ("2", "fr"), ("3", "ar")))
    line.refresh_from_db()
    for key in "76":
        with pytest.raises(lines.KeyMeansMore, match=key):
            lines.change_line(
                line=line, facts={"language_keys": f"1:en {key}:es"}, week=week_of(line), version=line.version,
                by=manager, at=at,
            )  # fmt: skip
    lines.add_language(line=line, code="es", by=manager, at=at)

    assert lines.add_language(line=line, code="pt", by=manager, at=at).language_keys.endswith("4:es 8:pt")


def test_a_language_that_is_added_is_asked_for_what_only_this_flow_says(line, manager, at):
    publish(line, manager, at, takes_messages=False, expectation="plain")

    gaps = {key for key, _code in unheard(["ht"], is_reachable=True, line_id=line.pk, plan=plan_now(line))}

    assert {"offer_callback", "expect_plain"} <= gaps
    assert "offer_message" not in gaps
    assert "offer_callback" not in {key for key, _code in unheard(["ht"], is_reachable=True)}


def test_a_call_under_way_keeps_the_keys_it_was_told_and_the_numbers_that_are_right_now(network, line, manager, at):
    publish(line, manager, at)
    network.call()
    publish(line, manager, at, danger_key="8", languages=(("1", "fr"), ("2", "en")), police_number="113")

    reply = network.step("language", 1, Digits="9")

    contact = Contact.objects.get()
    assert contact.is_danger
    assert "1 1 3" in reply.said()
    assert [say.get("language") for say in reply.document.iter("Say")][0] == "en-GB"
    assert contact.flow.number == 1
    assert last_known().by_flow[contact.flow_id].languages[0] == ("1", "en")


def test_a_version_that_cannot_be_read_leaves_the_usual_flow(network, line, manager, at):
    live = publish(line, manager, at)
    FlowVersion.objects.filter(pk=live.pk).update(body={"danger_key": 9})

    assert network.call().status == 200
    assert line_by_id(line.pk).plan == plan_of(line)


def test_a_draft_is_dialled_where_calls_are_practised_and_nowhere_else(network, settings, line, manager, at):
    Line.objects.filter(pk=line.pk).update(account="AC" + "1" * 32, is_practice=False)
    draft = flows.draft_flow(line=line, plan=replace(plan_of(line), languages=(("3", "ar"),)), by=manager, at=at)
    number = draft_number(draft.pk)

    settings.SIMULATOR = False
    assert "unknown_number" in (network.call(To=number) and Contact.objects.get().flags)
    settings.SIMULATOR = True
    forget_lines()
    network.sid = "CA" + "9" * 32
    reply = network.call(To=number)

    contact = Contact.objects.latest("id")
    assert (contact.line_id, contact.flow_id, contact.is_practice) == (line.pk, draft.pk, True)
    assert {say.get("language") for say in reply.document.iter("Say")} == {"arb"}


def test_who_tries_a_draft_and_hangs_up_is_not_missed_alarms_nobody_and_stands_in_no_figure(
    network, settings, line, manager, operator, clock
):
    settings.SIMULATOR = True
    missed, today = [], clock.now.astimezone(ZoneInfo(line.country.time_zone)).date()
    draft = flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=3), by=manager, at=clock.now)
    for number, sid in ((draft_number(draft.pk), "CA" + "8" * 32), (line.number, "CA" + "9" * 32)):
        network.sid = sid
        network.call(To=number)
        network.step("language", 1, Digits="9", To=number)
        network.step("language", 2, Digits="1", To=number)
        missed.append((alarm_of(operator).is_on, tasks.tell_danger(clock.now)))
        network.status("completed", "1", To=number)
        contact = Contact.objects.latest("id")
        missed[-1] += (
            contact.outcome,
            contact.is_missed,
            due(operator, at=clock.now).missed,
            len([*facts_of(line, today)]),
        )

    assert missed == [(False, 0, "abandoned", False, 0, 0), (True, 1, "abandoned", True, 1, 1)]
    assert not missed_contacts(operator).filter(flow=draft).exists()


@pytest.mark.parametrize("is_heard_of_before", [True, False])
def test_a_message_left_on_a_draft_is_followed_up_by_nobody(network, settings, line, manager, at, is_heard_of_before):
    settings.SIMULATOR = True
    number = draft_number(flows.draft_flow(line=line, plan=plan_of(line), by=manager, at=at).pk)
    if is_heard_of_before:
        network.status("ringing", "0", To=number)
    network.call(To=number)
    network.step("language", 1, Digits="1", To=number)
    network.status("completed", "1", To=number)
    network.post("/hotline/twilio/status/", {
        "CallSid": network.sid, "RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed", "RecordingDuration": "9",
    })  # fmt: skip

    contact = Contact.objects.get()
    assert (contact.outcome, contact.is_missed, contact.is_practice) == ("voicemail", False, True)
    assert {"drafted", "rehearsed"} <= set(contact.flag_codes)


def test_a_draft_with_many_faults_can_be_dialled_and_ends_in_no_error(network, settings, line, manager, at):
    settings.SIMULATOR = True
    plan = Plan(languages=(("1", "en"),), questions=(), danger_key="0", wait_minutes=1)
    number = draft_number(flows.draft_flow(line=line, plan=plan, by=manager, at=at).pk)

    network.call(To=number)

    assert network.step("language", 1, Digits="5", To=number).status == 200


def test_the_release_writes_a_first_version_of_each_line(line):
    import_module("hotline.migrations.0008_call_flows").write_first_versions(apps, None)

    row = FlowVersion.objects.get()
    assert (row.line_id, row.number, row.state) == (line.pk, 1, "live")
    assert row.digest == digest_of(plan_of(line))
    assert row.body == plan_of(line).body
