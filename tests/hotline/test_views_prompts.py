"""The screens of prompts: what each language lacks, upload, a second person's yes, removal, by role."""

import datetime as dt
import html
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEntry
from hotline.actions.flows import draft_flow
from hotline.models import Prompt, PromptRecording
from hotline.queries.flows import plan_now
from hotline.queries.lines import source_digest
from hotline.queries.spoken import UNUSUAL
from hotline.telephony.tones import tone
from languages.actions import working
from languages.models import Segment, Unit
from languages.queries.keys import place_of
from tests.hotline.test_flows import publish

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def creole(line):
    """The line with words in Haitian Creole, of which the network has no voice."""
    Prompt.objects.update(text_ht="Mo")
    line.country.language_codes = "en ht"
    line.country.save()
    return line


@pytest.fixture
def uploader(person, liberia):
    return person("manager", country=liberia, name="First manager")


def upload(client, line, content, key="greeting", language="ht", name="greeting.wav", speaker="A speaker"):
    file = SimpleUploadedFile(name, content, content_type="audio/wav")
    address = reverse("hotline:prompt_upload", args=[line.public_id, language, key])
    return client.post(address, {"file": file, "speaker": speaker})


def page(client, line, language="ht"):
    return client.get(reverse("hotline:prompts_in", args=[line.public_id, language]))


def test_of_bengali_it_is_not_said_that_the_network_has_no_voice_of_it(sign_in, uploader, creole):
    creole.country.language_codes = "en ht bn"
    creole.country.save()
    client = sign_in(uploader)

    whole = BeautifulSoup(client.get(reverse("hotline:prompts", args=[creole.public_id])).content, "html.parser")
    bengali = page(client, creole, "bn").content.decode()

    spoken = {
        row.select_one("th bdi")["lang"]: row.select("td")[1].get_text(strip=True)
        for row in whole.select("table.spoken tbody tr")
    }
    assert (spoken["ht"], spoken["bn"]) == ("recordings only: the network has no voice of it", "Recordings")
    assert "A language without a voice of its own is recorded by people." in bengali
    assert "The network has no voice of this language" not in bengali


def act(client, name, row):
    return client.post(reverse(f"hotline:{name}", args=[row.line.public_id, row.pk]), follow=True)


@pytest.mark.parametrize(
    ("roles", "of_liberia", "may_hear", "may_edit"),
    [
        (("manager",), True, True, True), (("administrator",), False, True, True), (("manager",), False, False, False),
        (("supervisor",), True, True, False), (("operator",), True, True, False), (("operator",), False, False, False),
        (("learner",), True, False, False), (("translator",), True, False, False), (("analyst",), True, False, False),
    ],
)  # fmt: skip
def test_who_may_hear_and_who_may_upload(
    sign_in, person, liberia, haiti, creole, uploader, roles, of_liberia, may_hear, may_edit
):
    upload(sign_in(uploader), creole, tone(1), key="wait")
    row = PromptRecording.objects.get()
    client = sign_in(person(*roles, country=liberia if of_liberia else haiti))
    seen, edited = 200 if may_hear else 404, 302 if may_edit else 404

    assert client.get(reverse("hotline:prompts", args=[creole.public_id])).status_code == seen
    answer = page(client, creole)
    assert answer.status_code == seen
    assert ("Upload a recording" in answer.content.decode()) == may_edit
    assert upload(client, creole, tone(1)).status_code == edited
    many = client.post(reverse("hotline:prompts_upload", args=[creole.public_id, "ht"]), {"speaker": "A"})
    assert many.status_code == (422 if may_edit else 404)
    assert act(client, "prompt_heard", row).status_code == seen
    assert act(client, "prompt_remove", row).status_code == (200 if may_edit else 404)
    row.refresh_from_db()
    assert ((row.heard_at is not None), (row.retired_at is not None)) == (may_hear, may_edit)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_say_what_is_missing_and_what_a_voice_speaks(sign_in, uploader, creole, language):
    client = sign_in(uploader)
    with translation.override(language):
        whole = client.get(reverse("hotline:prompts", args=[creole.public_id])).content.decode()
        pages = [page(client, creole, code).content.decode() for code in ("ht", "fr")]

    if language == "en":
        missing = len(
            Prompt.objects.exclude(key__regex="^(text_|day_|hour_|half_)").exclude(
                key__in=[
                    "closed",
                    "greeting_paid",
                    "own_phone",
                    "whisper_pin",
                    "join_pin",
                    "pin_again",
                    "not_free",
                    "not_free_wait",
                    *UNUSUAL,
                ]
            )
        )
        assert f"Not yet possible: {missing} prompts are missing" in whole
        assert f"Not yet possible on a live line: {missing} prompts are missing." in pages[0]
        assert "The network has no voice of this language" in pages[0]
        assert "A voice of the network speaks this language: no recording is needed." in pages[1]
    assert 'lang="ht"' in pages[0]
    assert page(client, creole, "xx").status_code == 404


def test_upload_waits_for_another_person_and_is_then_what_callers_hear(sign_in, uploader, person, creole):
    client = sign_in(uploader)
    assert upload(client, creole, tone(2)).status_code == 302
    row = PromptRecording.objects.get()
    mine = page(client, creole).content.decode()
    assert "Another person has to hear it: you uploaded it." in mine
    assert f"/hotline/audio/ht/greeting/{row.content_hash}/" in mine
    assert "2.0 s, spoken by <bdi>A speaker</bdi>" in mine
    assert "uploaded by <bdi>First manager</bdi>" in mine
    act(client, "prompt_heard", row)
    row.refresh_from_db()
    assert row.heard_at is None

    second = sign_in(person("operator", country=creole.country, name="Second"))
    assert "I heard it: it says these words" in page(second, creole).content.decode()
    assert "Callers hear this recording from now on." in act(second, "prompt_heard", row).content.decode()

    assert "heard by <bdi>Second</bdi>" in page(second, creole).content.decode()
    assert "meanwhile" in act(second, "prompt_heard", row).content.decode()
    verbs = AuditEntry.objects.filter(verb__startswith="hotline.prompt").values_list("verb", flat=True)
    assert sorted(verbs) == ["hotline.prompt_heard", "hotline.prompt_recorded"]


def test_speaker_cannot_vouch_for_her_own_recording(sign_in, uploader, person, creole):
    upload(sign_in(uploader), creole, tone(1), speaker="second ")

    answer = act(
        sign_in(person("operator", country=creole.country, name="Second")),
        "prompt_heard",
        PromptRecording.objects.get(),
    )

    assert "Somebody else than the speaker" in answer.content.decode()


@pytest.mark.both
def test_replacing_keeps_the_old_one_until_the_new_one_is_heard(sign_in, uploader, person, creole):
    upload(sign_in(uploader), creole, tone(1))
    second = person("supervisor", country=creole.country)
    act(sign_in(second), "prompt_heard", PromptRecording.objects.get())
    upload(sign_in(uploader), creole, tone(2))
    upload(sign_in(uploader), creole, tone(3))
    live, waiting = PromptRecording.objects.order_by("pk")
    assert (live.seconds, live.retired_at, waiting.seconds, waiting.heard_at) == (1, None, 3, None)
    assert "Waits to take its place:" in page(sign_in(uploader), creole).content.decode()

    act(sign_in(second), "prompt_heard", waiting)

    live.refresh_from_db()
    assert live.retired_at is not None
    act(sign_in(uploader), "prompt_remove", waiting)
    assert not PromptRecording.objects.filter(retired_at=None).exists()
    assert "meanwhile" in act(sign_in(uploader), "prompt_remove", waiting).content.decode()


@pytest.mark.both
@pytest.mark.parametrize(("hours", "stays"), [(23, True), (25, False)])
def test_what_was_retired_is_kept_for_calls_that_have_its_address_and_no_longer(
    sign_in, uploader, creole, at, hours, stays
):
    upload(sign_in(uploader), creole, tone(1))
    row = PromptRecording.objects.get()
    PromptRecording.objects.update(retired_at=timezone.now() - dt.timedelta(hours=hours))

    upload(sign_in(uploader), creole, tone(2))

    assert PromptRecording.objects.filter(pk=row.pk).exists() == stays


def test_recording_that_callers_of_a_live_line_need_is_not_removed(sign_in, uploader, person, creole):
    upload(sign_in(uploader), creole, tone(1))
    row = PromptRecording.objects.get()
    act(sign_in(person("operator", country=creole.country)), "prompt_heard", row)
    creole.is_practice, creole.language_keys = False, "1:en 2:ht"
    creole.save()

    answer = act(sign_in(uploader), "prompt_remove", row).content.decode()

    row.refresh_from_db()
    assert "Callers would no longer hear this." in answer
    assert row.retired_at is None
    creole.language_keys = "1:en"
    creole.save()
    act(sign_in(uploader), "prompt_remove", row)
    row.refresh_from_db()
    assert row.retired_at is not None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "greeting.wav", "The file is empty."),
        (b"RIFF" + bytes(5_000_001), "greeting.wav", "larger than 5 MB"),
        (b"<html><script>alert(1)</script></html>", "greeting.wav", "whatever its name says"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(300), "greeting.mp3", "whatever its name says"),
        (b"MZ" + bytes(300), "greeting.wav", "whatever its name says"),
        (tone(31), "greeting.wav", "The sound lasts 31.0 s; it must last at most 30 s"),
        (tone(2)[:-9000], "greeting.wav", "breaks off"),
    ],
)  # fmt: skip
def test_file_that_is_not_what_a_prompt_sounds_like_is_refused(sign_in, uploader, creole, content, name, words):
    answer = upload(sign_in(uploader), creole, content, name=name)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PromptRecording.objects.exists()


@pytest.mark.both
def test_a_recording_that_is_far_too_short_for_its_words_is_refused_alone_or_among_many(sign_in, uploader, creole):
    Prompt.objects.filter(key="greeting").update(text_ht="Mo " * 50)
    client, why = sign_in(uploader), "Only 0.3 s can be heard: too short for these words."

    assert why in upload(client, creole, tone(0.3)).content.decode()
    many = {"files": [SimpleUploadedFile("greeting.wav", tone(0.3))], "speaker": "B"}
    answer = client.post(reverse("hotline:prompts_upload", args=[creole.public_id, "ht"]), many)
    assert f"greeting.wav: {why}" in answer.content.decode()
    assert not PromptRecording.objects.exists()

    assert upload(client, creole, tone(2)).status_code == 302


def test_name_of_the_file_does_not_matter(sign_in, uploader, creole):
    assert upload(sign_in(uploader), creole, tone(1), name="../../évil.exe").status_code == 302
    assert PromptRecording.objects.get().content_type == "audio/wav"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"speaker": "x" * 41}, "at most 40 characters"), ({"speaker": ""}, "Write who speaks in the recording."), ({"key": "x"}, None), ({"language": "xx"}, None)],
)  # fmt: skip
def test_odd_uploads_are_refused(sign_in, uploader, creole, fields, words):
    answer = upload(sign_in(uploader), creole, tone(1), **fields)

    assert answer.status_code == (422 if words else 404)
    assert words is None or words in answer.content.decode()


def test_of_two_reasons_both_are_told_each_as_a_sentence_that_says_what_to_do(sign_in, uploader, creole):
    client, silent = sign_in(uploader), "Nothing can be heard in this file. Record it again, closer to the microphone."

    answer = upload(client, creole, tone(1, level=0), speaker="").content.decode()
    good = upload(client, creole, tone(1), speaker="").content.decode()
    neither = client.post(reverse("hotline:prompt_upload", args=[creole.public_id, "ht", "greeting"])).content.decode()

    def told(text):
        row = text.partition('id="greeting"')[2].partition("</li>")[0]
        return [html.unescape(one) for one in re.findall('<p class="error-text"><svg.*?</svg>(.*?)</p>', row)]

    assert told(answer) == ["Write who speaks in the recording.", silent]
    assert told(good) == ["Write who speaks in the recording."]
    assert told(neither) == ["Choose a file.", "Write who speaks in the recording."]
    assert answer.count(f'<a href="#greeting">{silent}</a>') == 1
    assert not PromptRecording.objects.exists()


def test_the_recorder_stands_before_the_upload_and_is_hidden_in_no_fold(sign_in, uploader, creole):
    row = page(sign_in(uploader), creole).content.decode().partition('id="greeting"')[2].partition("</li>")[0]

    places = [row.index(one) for one in ("data-record>", "<details", 'name="file"', "</details>", 'name="speaker"')]
    assert places == sorted(places)


@pytest.mark.both
def test_several_files_are_kept_by_their_names_and_a_bad_one_does_not_stop_the_others(sign_in, uploader, creole):
    client = sign_in(uploader)
    files = [
        SimpleUploadedFile(name, content)
        for name, content in [
            ("greeting.wav", tone(1)), ("Question-Danger.WAV", tone(2)), ("wait.wav", b"<html>"), ("holiday.jpg", tone(1)),
            ("goodbye.wav", bytes(5_000_001)), ("hold.wav", b""),
        ]
    ]  # fmt: skip
    address = reverse("hotline:prompts_upload", args=[creole.public_id, "ht"])

    answer = client.post(address, {"files": files, "speaker": "A speaker"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "2 recordings are kept." in text
    assert "wait.wav: The file is no WAV or MP3 sound" in text
    assert "holiday.jpg: There is no prompt “holiday”" in text
    assert "goodbye.wav: The file is larger than 5 MB" in text
    assert "hold.wav: The file is empty." in text
    assert set(PromptRecording.objects.values_list("prompt__key", flat=True)) == {"greeting", "question_danger"}
    assert "Choose a file." in client.post(address, {"speaker": "A speaker"}).content.decode()
    assert (
        client.post(address, {"files": [SimpleUploadedFile("saved.wav", tone(1))], "speaker": "B"}).status_code == 302
    )


def test_language_without_words_cannot_be_recorded(sign_in, uploader, creole):
    answer = upload(sign_in(uploader), creole, tone(1), language="sw")

    assert answer.status_code == 422
    assert "There is no prompt" in answer.content.decode()


def test_shared_recording_is_shown_and_cannot_be_removed_here(sign_in, uploader, creole, at):
    PromptRecording.objects.create(
        prompt=Prompt.objects.get(key="greeting"), language="ht", content_hash="abc", content_type="audio/wav",
        audio=b"RIFF", seconds=1, source_digest="old", recorded_by="First", recorded_at=at, heard_by="Second", heard_at=at,
    )  # fmt: skip
    client = sign_in(uploader)

    text = page(client, creole).content.decode()

    assert "shared by all lines" in text
    assert "The words changed since. Record them again." in text
    assert (
        client.post(
            reverse("hotline:prompt_remove", args=[creole.public_id, PromptRecording.objects.get().pk])
        ).status_code
        == 404
    )


def many(client, line, files):
    address = reverse("hotline:prompts_upload", args=[line.public_id, "ht"])
    return client.post(address, {"files": files, "speaker": "A speaker"})


def test_too_many_files_are_refused_in_words_before_one_is_kept(sign_in, uploader, creole):
    files = [SimpleUploadedFile("greeting.wav", tone(1)) for _count in range(101)]

    answer = many(sign_in(uploader), creole, files)

    assert answer.status_code == 422
    assert "At most 20 files and 10 MB at once." in answer.content.decode()
    assert not PromptRecording.objects.exists()


def test_files_too_large_together_are_refused_in_words(sign_in, uploader, creole):
    files = [SimpleUploadedFile("greeting.wav", b"x" * 4_000_000) for _count in range(3)]

    page = many(sign_in(uploader), creole, files).content.decode()

    assert "At most 20 files and 10 MB at once." in page


def test_form_says_how_much_it_takes(sign_in, uploader, creole):
    assert "up to 20 at once, together up to 10 MB" in page(sign_in(uploader), creole).content.decode()


def seen_at(answer):
    """When a page says it was made."""
    return re.search(r'name="seen_at" value="([\d.]+)"', answer.content.decode())[1]


@pytest.mark.both
@pytest.mark.parametrize("many", [False, True])
def test_a_recording_that_another_uploaded_meanwhile_is_not_replaced_unheard(sign_in, uploader, person, creole, many):
    second = person("manager", country=creole.country, name="Second manager")
    old = seen_at(page(sign_in(second), creole))
    upload(sign_in(uploader), creole, tone(1))
    name, args, field = ("prompts_upload", ["ht"], "files") if many else ("prompt_upload", ["ht", "greeting"], "file")
    address = reverse(f"hotline:{name}", args=[creole.public_id, *args])

    def send(seen):
        file = SimpleUploadedFile("greeting.wav", tone(2), content_type="audio/wav")
        return sign_in(second).post(address, {field: file, "speaker": "B", "seen_at": seen})

    refused = send(old)

    assert refused.status_code == 422
    assert "First manager uploaded a recording of this meanwhile." in refused.content.decode()
    assert PromptRecording.objects.get().seconds == 1
    assert send(seen_at(refused)).status_code == 302
    assert PromptRecording.objects.get().seconds == 2


def test_words_that_no_native_reader_read_say_so_to_who_records_them(sign_in, uploader, creole, at):
    place, words = place_of(Prompt.objects.get(key="greeting")), "Machine draft, awaiting a native reader"
    segment = Segment.objects.create(**place, path="text", text="Hello", kind="text", version=1, changed_at=at)
    text = {"draft": "Mo", "live": "Mo", "live_version": 1, "freshness": 1, "state": "draft"}
    greeting = Unit.objects.create(**place, segment=segment, language="ht", **text)
    client = sign_in(uploader)

    assert page(client, creole).content.decode().count(words) == 1
    assert words not in page(client, creole, "en").content.decode()

    working.mark_native_read(units=[greeting], by="a reader", at=at)
    assert words not in page(client, creole).content.decode()


def test_the_english_beside_every_language_names_the_keys_that_callers_hear(sign_in, uploader, line, at):
    """Danger is 8 in what callers hear and 7 in the draft, and the key of who cannot speak is 6."""
    publish(line, uploader, at, danger_key="8", silent_key="6")
    draft_flow(line=line, plan=replace(plan_now(line), danger_key="7"), by=uploader, at=at)
    client = sign_in(uploader)
    whole = BeautifulSoup(client.get(reverse("hotline:prompts", args=[line.public_id])).content, "html.parser")
    french = BeautifulSoup(page(client, line, "fr").content, "html.parser")

    def english(row):
        return french.find(id=row).select_one('[lang="en"]').text

    heads = [head.text for head in whole.select("table.matrix th[scope=row]")]
    assert ("In danger, press 8." in heads, "In danger, press 9." in heads) == (True, False)
    assert (english("heard-danger_key"), english("danger_key")) == ("In danger, press 8.", "In danger, press 7.")
    assert "tapez 8" in french.find(id="heard-danger_key").select_one(".label").text
    assert "press 6" in english("cannot_speak_offer")


def test_who_works_in_another_language_reads_the_prompts_in_it_with_the_keys_that_callers_hear(
    sign_in, uploader, line, creole, at
):
    publish(line, uploader, at, danger_key="8")
    record = PromptRecording(
        prompt=Prompt.objects.get(key="danger_key"), line=line, language="ht", content_hash="a" * 64, seconds=1,
        content_type="audio/wav", audio=b"1", source_digest=source_digest("Mo"), recorded_by="A", recorded_at=at,
    )  # fmt: skip
    record.save()
    Prompt.objects.filter(key="danger_waiting").update(text_fr="")
    client = sign_in(uploader)
    with translation.override("fr"):
        whole = client.get(reverse("hotline:prompts", args=[line.public_id])).content.decode()
        missing = BeautifulSoup(page(client, creole, "ht").content, "html.parser")

    heads = [head.text for head in BeautifulSoup(whole, "html.parser").select("table.matrix th[scope=row]")]
    assert "En danger, tapez 8." in heads
    assert "If you are in danger, press star, then 8." in heads
    assert "tapez 8" in missing.select_one('.missing-keys a[href="#danger_key"]').text
    assert "tapez 8" in missing.find(id="danger_key").audio["aria-label"]
