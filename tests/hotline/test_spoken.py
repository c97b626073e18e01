"""What a line says: free only when it is, the next opening as a person says it, recordings before voices."""

import datetime as dt

import pytest
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from hotline import actions, queries, sounds, tasks
from hotline.actions import lines, recordings
from hotline.models import Line, Prompt, PromptRecording
from hotline.queries.lines import memory, source_digest
from hotline.queries.spoken import beside, closed_words, is_needed, unheard
from hotline.telephony import twiml
from hotline.telephony.tones import tone
from languages import table

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PLACE = twiml.Place(base="https://fanal.example", turn=1)


def told(line, moment, language):
    facts = queries.line_by_id(line.pk)
    say = closed_words(facts, moment, language)
    return twiml.render([say], PLACE, lambda key, code: queries.spoken_cell(key, code, facts))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The line opens again at eight in the morning tomorrow."),
        ("fr", "demain à huit heures du matin."),
        ("ar", "يُفتح الخط من جديد: غدا في الساعة الثامنة صباحا."),
    ],
)
def test_next_opening_is_a_day_and_an_hour(office, at, language, words):
    assert words in told(office, at + dt.timedelta(hours=8), language)


@pytest.mark.parametrize(
    ("hours", "language", "words"),
    [
        (dt.timedelta(hours=-6), "en", "at eight in the morning today."),
        (dt.timedelta(days=2, hours=9), "en", "at eight in the morning on Monday."),
        (dt.timedelta(days=2, hours=9), "fr", "lundi à huit heures du matin."),
        (dt.timedelta(days=2, hours=9), "ar", "من جديد: يوم الاثنين في الساعة الثامنة صباحا."),
    ],
)
def test_today_and_another_weekday_are_called_so(office, at, hours, language, words):
    assert words in told(office, at + hours, language)


def test_half_hours_are_said_and_odd_minutes_are_left_out(office, at):
    evening = at + dt.timedelta(hours=8)
    lines.set_hours(line=office, week={3: [(dt.time(8, 30), dt.time(16))]}, by="test", at=at)
    assert "at half past eight in the morning tomorrow." in told(office, evening, "en")

    lines.set_hours(line=office, week={3: [(dt.time(8, 10), dt.time(16))]}, by="test", at=at)

    assert told(office, evening, "en").endswith("Nobody answers at this hour.</Say></Response>")


def test_opening_that_is_days_away_is_not_told_by_weekday(office, at, time_machine):
    time_machine.move_to(at, tick=False)
    for count in range(9):
        day = (at + dt.timedelta(days=count)).date()
        lines.set_exception(line=office, day=day, spans=[], note="", by="test", at=at)

    assert "Nobody answers at this hour.</Say>" in told(office, at, "en")


def test_recorded_time_is_played_in_pieces_and_a_language_without_them_says_none(office, at):
    evening = at + dt.timedelta(hours=8)
    Line.objects.update(is_practice=False)
    Prompt.objects.update(text_sw="Maneno")
    for key in ("closed", "closed_plain", "day_tomorrow"):
        _recorded(key, "sw", at)
    queries.forget_lines()
    assert told(office, evening, "sw").count("<Play>") == 1
    assert "/sw/closed-plain/" in told(office, evening, "sw")

    _recorded("hour_8", "sw", at)
    queries.forget_lines()

    played = told(office, evening, "sw")
    places = [played.index(f"/sw/{key}/") for key in ("closed", "day-tomorrow", "hour-8")]
    assert places == sorted(places)


def _recorded(key, language, at, line=None, words="Maneno", content=None):
    prompt = Prompt.objects.get(key=key)
    return PromptRecording.objects.create(
        prompt=prompt, language=language, line=line, content_hash=content or f"{key}{line and line.pk}",
        content_type="audio/wav", audio=b"RIFF", seconds=1, source_digest=source_digest(words), recorded_by="One",
        recorded_at=at, heard_by="Two", heard_at=at,
    )  # fmt: skip


def test_line_that_costs_does_not_say_that_the_call_is_free(network, line):
    assert "This call is free and private." in network.call().said()

    line.is_free = False
    line.save()
    network.sid = "CA" + "7" * 32

    said = network.call().said()
    assert "This call is private." in said
    assert "free" not in said


@pytest.mark.parametrize(("is_free", "absent"), [(True, "greeting_paid"), (False, "greeting")])
def test_only_the_greeting_that_is_said_has_to_be_recorded(line, is_free, absent):
    Prompt.objects.update(text_sw="Maneno")
    queries.forget_lines()

    gaps = {key for key, _code in unheard(["sw"], is_reachable=True, is_free=is_free)}

    assert absent not in gaps
    assert {"greeting", "greeting_paid"} & gaps
    assert not [key for key in gaps if key.startswith(("hour_", "day_", "half_", "text_"))]


def test_own_recording_of_a_line_comes_before_the_shared_one_and_stays_with_the_line(line, liberia, at):
    words = Prompt.objects.get(key="wait").text_fr
    _recorded("wait", "fr", at, words=words, content="shared")
    _recorded("wait", "fr", at, line=line, words=words, content="own")
    other = Line.objects.create(
        country=liberia, name="Other", number="1", numbers="1", account="AC1", language_keys="1:fr",
        duty_phone="+231770009999", other_number="116",
    )  # fmt: skip
    queries.forget_lines()

    heard = [queries.spoken_cell("wait", "fr", queries.line_by_id(row.pk)).recording for row in (line, other)]

    assert [address.split("/")[-2] for address in heard] == ["own", "shared"]


def test_words_that_changed_are_said_by_the_voice_and_a_language_without_voice_keeps_the_old_recording(line, at):
    Prompt.objects.update(text_sw="Maneno mapya")
    _recorded("wait", "en", at, words="Old words")
    _recorded("wait", "sw", at, words="Maneno")
    queries.forget_lines()

    assert ("wait", "sw") in unheard(["sw"], is_reachable=True)
    assert queries.spoken_cell("wait", "en").voice
    assert queries.spoken_cell("wait", "sw").recording
    assert ("wait", "en") not in unheard(["en"], is_reachable=True)


def test_live_line_never_sends_words_that_no_voice_speaks(line):
    Prompt.objects.update(text_ht="Mo")
    Line.objects.update(is_practice=False)
    queries.forget_lines()

    cell = queries.spoken_cell("wait", "ht", queries.line_by_id(line.pk))

    assert (cell.language, cell.voice) == ("fr", "Polly.Celine")


@pytest.mark.both
def test_uploaded_recording_is_what_the_call_plays_once_another_person_heard_it(network, line, person, liberia, at):
    first, second = person("manager", country=liberia), person("manager", country=liberia)
    words = {"line": line, "key": "greeting", "language": "en", "recorded_by": "A speaker"}
    row = recordings.upload_recording(**words, audio=tone(1), by=first, at=at)
    assert network.call().document.find(".//Play") is None
    with pytest.raises(recordings.HearerSpoke):
        recordings.confirm_recording(recording=row, by=first, at=at)

    recordings.confirm_recording(recording=row, by=second, at=at)
    network.sid = "CA" + "8" * 32
    played = network.call().document.find(".//Play").text

    assert network.client.get(played.partition("8000")[2]).content == sounds.read(tone(1)).audio

    again = recordings.upload_recording(**words, audio=tone(2), by=first, at=at)
    recordings.confirm_recording(recording=again, by=second, at=at)
    network.sid = "CA" + "9" * 32
    assert network.call().document.find(".//Play").text != played
    assert network.client.get(played.partition("8000")[2]).status_code == 200


def test_hours_of_the_public_page_have_the_comma_of_the_language(office, at):
    lines.set_hours(
        line=office, by="test", at=at,
        week={0: [(dt.time(8), dt.time(12)), (dt.time(13), dt.time(16))], 2: [(dt.time(8), dt.time(12))]},
    )  # fmt: skip

    with translation.override("ar"):
        text = queries.line_of("LR", at).hours_text

    assert "," not in text
    assert text.count("،") >= 2


@pytest.mark.both
def test_prompts_of_a_newer_release_are_loaded_by_the_worker_and_none_is_said_before(network, line, at):
    Prompt.objects.all().delete()
    actions.load_prompts(by="test", at=at)
    Prompt.objects.filter(key__in=["greeting_paid", "closed_plain"]).delete()
    line.is_free = False
    line.save()
    assert network.call().said().startswith("For English, press 1.")

    assert tasks.complete_prompts(at) == 2
    assert tasks.complete_prompts(at) == 0

    assert Prompt.objects.get(key="greeting_paid").text_fr == "Bonjour. Cet appel est confidentiel."


def test_product_comes_with_the_pieces_in_every_language(db, at):
    actions.load_prompts(by="test", at=at)

    prompt = Prompt.objects.get(key="hour_8")
    assert (prompt.text_en, prompt.text_fr) == ("eight in the morning", "à huit heures du matin")
    assert all(getattr(prompt, build_localized_fieldname("text", code)) for code in table.CODES)


def test_french_says_first_who_does_not_speak_the_language(db, at):
    actions.load_prompts(by="test", at=at)

    words = Prompt.objects.get(key="other_operator").text_fr
    assert words.startswith("Personne ici ne parle votre langue pour l’instant. Une autre personne va vous aider")


def test_what_no_step_of_a_flow_says_is_asked_for_only_where_it_is_said_beside_the_steps(line):
    """In the room, to whom the line rings, in a call back, or in a text: nobody records what nobody hears."""
    needed = beside(frozenset(key for key in memory().words if is_needed(key)))

    assert {key for key in needed if not key.startswith(("digit_", "text_"))} == {
        "agency_joins", "agency_whisper", "closed_plain", "cover", "danger_offer", "greeting_paid", "interpreter_joins",
        "join_whisper", "joining", "neutral", "next_in_line", "position", "whisper",
    }  # fmt: skip
