"""Sound and film in the editor: judged by what is in them, kept without notes, refused in words by every way in."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.training.played import clip_of, played
from tests.training.recordings import PLACE, mp3, mp4
from tests.training.test_wagtail_hooks import typed
from training import media
from training.models import Clip

pytestmark = pytest.mark.either

AJAX = {"X-Requested-With": "XMLHttpRequest"}
ADD = "wagtailsnippets_training_clip:add"
CREATE = "wagtailsnippetchoosers_training_clip:create"
NEITHER = "neither sound in MP3, M4A or WAV nor film in MP4"


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def send(client, way, name, content):
    """Upload a file by one of the ways in; return the page or the part of it that comes back."""
    file = SimpleUploadedFile(name, content, "audio/mpeg")
    if way == "page":
        return client.post(reverse(ADD), {"title": "My title", "language": "fr", "file": file}).content.decode()
    fields = {f"snippet-chooser-upload-{key}": value for key, value in (("title", "My title"), ("language", "fr"))}
    fields |= {"title": "My title", "language": "fr", "file": file}
    return client.post(reverse(CREATE), fields, headers=AJAX).content.decode()


@pytest.mark.parametrize("way", ["page", "chooser"])
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("speech.mp3", b"MZ\x90\x00" + bytes(4000), NEITHER),
        ("speech.mp3", b"", "The submitted file is empty"),
        ("film.mp4", mp4()[:-50], "damaged or cut off"),
        ("film.mp4", mp4(codec=b"hvc1"), "MP4 with H.264"),
    ],
)
def test_what_is_no_sound_or_film_is_refused_in_words_and_what_was_typed_stays(
    editor, tmp_path, way, name, content, words
):
    told = send(editor, way, name, content)

    assert words in told
    assert "My title" in told
    assert not Clip.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("way", ["page", "chooser"])
def test_a_film_is_kept_without_the_place_where_it_was_made(editor, way):
    send(editor, way, "Haiti, 12 rue du Port.mp4", mp4())

    clip = Clip.objects.get()
    content = clip.file.read()
    assert PLACE in mp4()
    assert PLACE not in content
    assert (clip.title, clip.language, clip.kind, clip.size) == ("My title", "fr", "video", len(content))
    assert clip.file.name == f"clips/{clip.public_id}.mp4"


def test_three_hundred_megabytes_are_refused_before_they_are_read(editor, monkeypatch):
    monkeypatch.setattr(media, "MOST", 1000)

    assert "This file is too large" in send(editor, "page", "long.mp4", mp4())
    assert not Clip.objects.exists()


def test_what_is_taken_is_said_beforehand(editor):
    assert "Sound in MP3, M4A or WAV to 20 MB" in editor.get(reverse(ADD)).content.decode()


def test_the_name_may_change_and_the_file_stays(editor):
    clip = clip_of(mp3())
    url = reverse("wagtailsnippets_training_clip:edit", args=[clip.pk])
    fields = typed(editor.get(url))

    answer = editor.post(url, fields | {"title": "Another", "file": SimpleUploadedFile("other.mp4", mp4())})

    assert answer.status_code == 302
    after = Clip.objects.get()
    assert (after.title, after.kind, after.sha256, after.file.read()) == ("Another", "audio", clip.sha256, mp3())


@pytest.mark.both
def test_who_saves_a_name_that_a_colleague_changed_meanwhile_is_asked_first(editor):
    clip = clip_of(mp3())
    url = reverse("wagtailsnippets_training_clip:edit", args=[clip.pk])
    mine = typed(editor.get(url))
    editor.post(url, typed(editor.get(url)) | {"title": "Theirs"})

    back = editor.post(url, mine | {"title": "Mine"})
    stands = Clip.objects.get().title
    again = editor.post(url, typed(back))

    assert "This file was saved by somebody else, or in another window" in back.content.decode()
    assert stands == "Theirs"
    assert again.status_code == 302
    assert Clip.objects.get().title == "Mine"


@pytest.mark.both
def test_what_a_lesson_plays_is_not_deleted(editor, lessons):
    held, free = clip_of(mp3(), title="Held"), clip_of(mp3(), "fr", title="Free")
    played(lessons[0], sounds=[held])

    for clip in (held, free):
        editor.post(reverse("wagtailsnippets_training_clip:delete", args=[clip.pk]))

    page = editor.get(reverse("wagtailsnippets_training_clip:list"))
    assert "Lessons play these recordings: Held." in BeautifulSoup(page.content, "html.parser").get_text()
    assert Clip.objects.filter(title__in=["Held", "Free"]).get() == held


def test_the_list_tells_a_size_with_its_unit(editor):
    clip = clip_of(mp3())
    Clip.objects.filter(pk=clip.pk).update(size=32_044)

    page = editor.get(reverse("wagtailsnippets_training_clip:list"), {"ordering": "-size"}).content.decode()

    assert "31.3\xa0KB" in page
    assert "32044" not in page
