"""Words of a line's own: drafted, recorded for the draft, published only once every language says them, kept by calls."""

from dataclasses import replace

import pytest
from django.urls import reverse

from hotline.actions import flows, recordings
from hotline.ivr import PlanFault, plan_from
from hotline.models import FlowVersion, Line, Prompt, PromptRecording
from hotline.queries.flows import plan_now
from hotline.queries.plans import plan_faults
from hotline.queries.prompts import spoken_on
from hotline.telephony.tones import tone
from tests.hotline.test_flows import publish
from tests.hotline.test_views_flows import browser, page, post, second, user

__all__ = ["browser", "second", "user"]
pytestmark = pytest.mark.either
OWN = "Good day. Your call is free."


def write(browser, line, code, follow=True, seen=None, **words):
    place = reverse("flows:words", args=[line.pk, code])
    told = {f"words_{key}": text for key, text in words.items()}
    seen = seen or browser.get(place).context["form"]["seen"].value()
    return browser.post(place, told | {"seen": seen}, follow=follow)


def record(line, user, second, at, key, code="sw", **more):
    row = recordings.upload_recording(
        line=line, key=key, language=code, audio=tone(2), recorded_by="Speaker", by=user, at=at, **more
    )
    recordings.confirm_recording(recording=row, by=second, at=at)
    return row


@pytest.fixture
def swahili(line, user, second, at):
    """The line as people call it, in English and in a language that only recordings speak, everything recorded."""
    Prompt.objects.update(text_sw="Neno 1 2 3 4 5 9")
    for prompt in Prompt.objects.exclude(key__startswith="text_"):
        row = recordings.upload_recording(
            line=line, key=prompt.key, language="sw", audio=tone(1), recorded_by="Speaker", by=user, at=at
        )
        PromptRecording.objects.filter(pk=row.pk).update(heard_by="x", heard_at=at)
    Line.objects.filter(pk=line.pk).update(is_practice=False, language_keys="1:en 2:sw")
    line.refresh_from_db()
    return line


def test_a_recording_that_another_process_took_away_just_now_is_missed_when_a_draft_is_published(
    swahili, user, at, monkeypatch
):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    draft = flows.draft_flow(line=swahili, plan=plan_now(swahili), by=user, at=at)
    assert plan_faults(swahili, plan_now(swahili)) == []
    PromptRecording.objects.filter(prompt__key="goodbye", language="sw").update(retired_at=at)

    with pytest.raises(flows.FlowRefused) as refused:
        flows.publish_flow(draft=draft, by=user, at=at, seen=draft.digest, seen_live=0)

    assert [(one.code, one.values["prompts"]) for one in refused.value.faults] == [("no_words", ["goodbye"])]


def test_own_words_are_tried_published_and_kept_by_calls_under_way(browser, network, user, line, at):
    publish(line, user, at)
    assert "Good day" not in network.call().said()
    write(browser, line, "en", greeting=OWN, goodbye="Goodbye.", danger_offer="Danger now? Press 9.")
    draft = FlowVersion.objects.get(state="draft")
    assert [one[0] for one in draft.body["words"]] == ["danger_offer", "greeting"], (
        "the house's own words are no others"
    )
    shown = page(browser, line)
    assert shown.count("still says the translation") == 2
    assert OWN in shown
    post(browser, "publish", line.pk, seen=draft.digest, live="1")
    assert not plan_now(line).words

    for code in ("fr", "ar"):
        write(browser, line, code, greeting="Bonjour.", danger_offer="Appuyez sur 9.")
    draft = FlowVersion.objects.get(state="draft")
    post(browser, "publish", line.pk, seen=draft.digest, live="1")
    network.sid = "CA" + "7" * 32
    said = network.call().said()

    assert said.startswith(OWN)
    publish(line, user, at, danger_key="8", languages=(("1", "en"),))
    network.sid = "CA" + "6" * 32
    assert "Danger now? Press 8." in network.call().said()


def test_words_that_lose_a_key_or_a_place_and_those_of_an_overtaken_page_are_not_kept(browser, second, line, at):
    refused = write(browser, line, "en", danger_offer="Danger? Press the hash.", position="Your place.")
    assert refused.status_code == 422
    assert refused.content.decode().count("Keep each key and each place in braces") == 4
    seen = browser.get(reverse("flows:words", args=[line.pk, "en"])).context["form"]["seen"].value()
    theirs = replace(plan_now(line), words=(("greeting", "en", "Theirs."),))
    flows.draft_flow(line=line, plan=theirs, by=second, at=at)

    answer = write(browser, line, "en", seen=seen, greeting=OWN)

    assert answer.status_code == 409
    assert "Theirs." in answer.content.decode()
    assert FlowVersion.objects.get().body["words"] == [["greeting", "en", "Theirs."]]
    again = answer.context["form"]["seen"].value()
    assert write(browser, line, "en", seen=again, greeting=OWN).status_code == 200
    assert FlowVersion.objects.get().body["words"] == [["greeting", "en", OWN]]
    assert browser.get(reverse("flows:words", args=[line.pk, "xx"]), follow=True).status_code == 404
    for odd in ([["greeting", "en"]], [["greeting", "en", "x" * 401]], [[1, "en", "x"]]):
        with pytest.raises(PlanFault):
            plan_from({"words": odd})


def test_another_danger_key_is_recorded_for_the_draft_while_callers_hear_the_old_one(
    browser, network, swahili, user, second, at
):
    line = swahili
    publish(line, user, at)
    draft = flows.draft_flow(line=line, plan=replace(plan_now(line), danger_key="7"), by=user, at=at)
    (fault,) = plan_faults(line, replace(plan_now(line), danger_key="7"))
    missing = fault.values["prompts"]
    assert (fault.code, set(missing) >= {"danger_key", "choices", "closed_menu"}) == ("no_words", True)
    shown = browser.get(reverse("hotline:prompts_in", args=[line.public_id, "sw"])).content.decode()
    assert "For the draft of the call flow" in shown
    assert "Neno 1 2 3 4 5 7" in shown

    for key in missing:
        record(line, user, second, at, key, is_drafted=True)

    kept = PromptRecording.objects.filter(language="sw", prompt__key="danger_key", retired_at=None)
    assert kept.count() == 2
    (spoken,) = spoken_on(line, ["sw"])
    assert {cell.state for cell in spoken.drafted} == {"recorded"}
    assert not spoken.missing
    old, new = kept.order_by("pk")
    assert old.content_hash in network.call(To="2883", AccountSid=line.account).text
    flows.publish_flow(draft=draft, by=user, at=at, seen=draft.digest, seen_live=1)
    network.sid = "CA" + "5" * 32
    assert new.content_hash in network.call().text
    # Recorded anew for the key of today: the other one is said nowhere any more and goes.
    record(line, user, second, at, "danger_key")
    assert [row.source_digest for row in kept.all()] == [new.source_digest]
