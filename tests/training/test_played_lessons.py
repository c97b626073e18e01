"""Sound, film and files in lessons: seen with their size, read without playing, kept apart, refused with the reason."""

import hashlib

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError

from languages import actions as language_actions
from languages.models import Segment
from tests.growth import statements
from tests.training.played import FILM, SAID, SHEET, SOUND, clip_of, played, sheet_of
from tests.training.recordings import CAPTIONS, mp3, mp4
from training.blocks import AudioScreen, VideoScreen
from training.models import Clip, CourseVersion, Lesson


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lesson(lessons):
    """A published lesson that plays and gives something."""
    return played(lessons[0])


def page_of(client, lesson, language="en"):
    address = f"/{language}/{lesson.url_path.split('/', 2)[2]}"
    return BeautifulSoup(client.get(address).content, "html.parser")


def screen(page, name):
    return page.select_one(f"#s-{name}")


def test_a_lesson_shows_players_with_size_and_words_and_plays_nothing_by_itself(client, lesson):
    page = page_of(client, lesson)

    sound, film, sheet = (screen(page, name) for name in (SOUND, FILM, SHEET))
    assert sound.audio.attrs == {"controls": "", "preload": "none", "src": sound.audio["src"]}
    assert film.video["preload"] == "none"
    assert not page.select("[autoplay], iframe, embed, object")
    assert "2.0\xa0KB" in sound.figcaption.get_text()
    assert "Spoken in English. It is fetched when you press play." in sound.figcaption.get_text()
    assert sound.details.get_text(" ", strip=True) == "Read what is said Officer: Where are your papers?"
    assert film.track["srclang"] == "en"
    assert "TXT · 16\xa0bytes" in sheet.a.get_text(" ", strip=True)
    assert sheet.a.has_attr("download")
    for source in (sound.audio["src"], film.video["src"], film.track["src"], sheet.a["href"]):
        assert client.get(source).status_code == 200, source


def test_a_player_is_sent_the_parts_it_asks_for(client, lesson):
    address, whole = screen(page_of(client, lesson), SOUND).audio["src"], mp3()

    def ask(part):
        answer = client.get(address, headers={"Range": part})
        return answer.status_code, answer.headers.get("Content-Range"), b"".join(answer)

    size = len(whole)
    assert ask("bytes=0-99") == (206, f"bytes 0-99/{size}", whole[:100])
    assert ask("bytes=100-") == (206, f"bytes 100-{size - 1}/{size}", whole[100:])
    assert ask("bytes=-50") == (206, f"bytes {size - 50}-{size - 1}/{size}", whole[-50:])
    assert ask(f"bytes={size}-")[:2] == (416, f"bytes */{size}")
    assert ask("bytes=5-2")[0] == 416
    assert ask("bytes=0-1,5-6") == ask("pages=1") == ask("bytes=-") == (200, None, whole)
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Accept-Ranges"]) == ("audio/mpeg", "bytes")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(address.replace(".mp3", ".html")).status_code == 404


def test_a_reader_hears_her_language_where_there_is_one_else_the_next_of_her_chain(client, lessons):
    english, french = clip_of(mp3(), "en"), clip_of(mp3(), "fr")
    lesson = played(lessons[0], sounds=[english, french])

    heard = {code: screen(page_of(client, lesson, code), SOUND).audio["src"] for code in ("en", "fr", "ht", "ar")}

    assert heard == {"en": address(english), "fr": address(french), "ht": address(french), "ar": address(english)}


def test_a_sound_without_words_is_said_to_be_in_no_language(client, lessons):
    lesson = played(lessons[0], sounds=[clip_of(mp3(), "")])

    for code in ("en", "ar"):
        sound = screen(page_of(client, lesson, code), SOUND)
        assert sound.audio is not None
        assert "Spoken in" not in sound.get_text()


def address(clip):
    return reverse("training_plain:clip", args=[clip.public_id, clip.ending])


def translate(lesson, name, language, words):
    """Publish a translation of each text of a screen."""
    found = Segment.objects.filter(object_id=lesson.pk, path__startswith=f"body.{name}.", retired_at=None)
    texts = {one.path: words.get(one.path.rpartition(".")[2], f"<p>{language} {one.text}</p>") for one in found}
    language_actions.seed_languages(lesson, {language: texts}, by="test", at=timezone.now())


def test_captions_come_in_the_readers_language_and_give_way_when_times_moved(client, lesson):
    french = CAPTIONS.replace("Where are your papers?", "Où sont vos papiers ?")
    translate(lesson, FILM, "fr", {"captions": french, "heading": "fr Watch"})
    film = screen(page_of(client, lesson, "fr"), FILM)
    before = client.get(film.track["src"]).content.decode()

    body = Lesson.objects.get(pk=lesson.pk).body_en.get_prep_value()
    moved = next(block["value"] for block in body if block["id"] == FILM)
    moved["captions"] = CAPTIONS.replace("00:02.500", "00:02.750")
    lesson = Lesson.objects.get(pk=lesson.pk)
    lesson.body_en, lesson.change = Lesson._meta.get_field("body_en").to_python(body), "wording"
    lesson.go_live()
    after = screen(page_of(client, lesson, "fr"), FILM)

    assert film.track["srclang"] == "fr"
    assert before == french.strip()
    assert after.h2.get_text() == "fr Watch"
    assert after.track["srclang"] == "en"
    assert client.get(after.track["src"]).content.decode() == moved["captions"]


def test_captions_of_nothing_are_not_found(client, lesson):
    for name in (SOUND, "screen-none"):
        assert client.get(reverse("training:captions", args=[lesson.translation_key, name])).status_code == 404
    lesson.unpublish()
    assert client.get(reverse("training:captions", args=[lesson.translation_key, FILM])).status_code == 404


def test_what_is_heavy_is_kept_by_a_tick_of_its_own_and_as_it_was_told(client, sign_in, official, lesson):
    version = CourseVersion.objects.filter(course__key="judicial", country="HT").order_by("-number").first().public_id
    sign_in(official)
    told = client.get(f"/en/keep/judicial/{version}/keep.json").json()

    heavy = [one for one in told["files"] if one["kind"] == "sound"]

    assert len(heavy) == 4
    for one in heavy:
        answer = client.get(one["url"])
        content = b"".join(answer) if answer.streaming else answer.content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"]), one["url"]
    kept = client.get(told["lessons"][0]).content.decode()
    assert 'preload="none"' in kept
    assert "Officer:" in kept
    assert "Without a network it plays only if sound and films were kept with the course." in kept
    assert "It is fetched when you press play." not in kept
    page = BeautifulSoup(client.get("/en/learning/judicial/keep/").content, "html.parser")
    assert not page.select_one("input[name=sound]").has_attr("checked")


def test_players_cost_a_page_no_query(client, lessons):
    address = f"/en/{lessons[0].url_path.split('/', 2)[2]}"
    before = statements(client, address)

    played(lessons[0])

    assert statements(client, address) == before


def test_another_file_of_a_document_shows_its_own_size_and_a_deleted_one_is_gone(client, lessons):
    sheet = sheet_of()
    lesson = played(lessons[0], sheet=sheet)
    sheet.file.save("sheet.txt", sheet_of(b"Longer than before, by far.").file.file, save=False)
    sheet.file_size = sheet.file.size
    sheet.save()

    changed = screen(page_of(client, lesson), SHEET).a.get_text(" ", strip=True)
    sheet.delete()

    assert "27\xa0bytes" in changed
    assert screen(page_of(client, lesson), SHEET).a is None


def test_another_recording_makes_another_edition(lessons, course):
    lesson = played(lessons[0])
    before = CourseVersion.objects.filter(course=course, country=None).count()
    body = lesson.body_en.get_prep_value()
    next(block["value"] for block in body if block["id"] == SOUND)["clips"][0]["value"] = clip_of(mp3()).pk
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(body)
    lesson.go_live()

    assert CourseVersion.objects.filter(course=course, country=None).count() == before + 1


def sound(**values):
    block = AudioScreen()
    return block, block.to_python({"heading": "Listen", "clips": [], "transcript": SAID} | values)


def faults_of(block, value):
    with pytest.raises(StructBlockValidationError) as told:
        block.clean(value)
    return {name: str(error) for name, error in told.value.block_errors.items()}


def test_what_cannot_be_read_or_is_of_the_other_kind_is_refused_beside_its_field(db):
    one, other, film = clip_of(mp3()), clip_of(mp3()), clip_of(mp4())

    assert "Write what is said" in faults_of(*sound(clips=[one.pk], transcript="<p> </p>"))["transcript"]
    assert "of the other kind" in faults_of(*sound(clips=[film.pk]))["clips"]
    assert "in the same language" in faults_of(*sound(clips=[one.pk, other.pk]))["clips"]
    assert "clips" in faults_of(*sound(clips=[]))
    block, value = sound(clips=[one.pk])
    assert block.clean(value)["heading"] == "Listen"


def test_captions_that_no_browser_shows_are_refused_with_the_line(db):
    block = VideoScreen()
    values = {"heading": "Watch", "clips": [clip_of(mp4()).pk], "transcript": SAID}

    told = faults_of(block, block.to_python(values | {"captions": CAPTIONS.replace(".000 -->", ",000 -->")}))

    assert "Line 3: write the times as" in told["captions"]
    assert block.clean(block.to_python(values | {"captions": CAPTIONS}))["captions"] == CAPTIONS.strip()


def test_a_file_that_lies_in_no_lesson_is_deleted_with_its_clip(db, django_capture_on_commit_callbacks):
    clip = clip_of(mp3())
    storage, name = clip.file.storage, clip.file.name

    with django_capture_on_commit_callbacks(execute=True):
        clip.delete()

    assert not storage.exists(name)
    assert not Clip.objects.exists()
