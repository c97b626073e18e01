"""Pictures in the editor: stored without notes, and refused in words by every way into the store."""

import io
import random

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Collection, UploadedFile
from wagtail.users.models import UserProfile

from cms.images import NotAPicture, without_notes

pytestmark = pytest.mark.either
AJAX = {"X-Requested-With": "XMLHttpRequest"}
GPS = 0x8825
DAMAGED, TOO_LARGE = "This picture is damaged or cut off", "This picture is larger than 24 million pixels"
MOVES = "This picture moves"
WAYS = ("one", "several", "chooser", "other file", "profile")


def photo():
    """A small JPEG with a place in its notes."""
    notes = Picture.Exif()
    notes[GPS] = {1: "N", 2: (6.0, 18.0, 0.0)}
    return written(Picture.new("RGB", (8, 6), "navy"), "JPEG", exif=notes)


def noise(size=(300, 200), seed=1):
    """A picture that no format makes small, so that half a file is half a picture."""
    return Picture.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))  # noqa: S311 -- no secret


def written(picture, kind, **more):
    target = io.BytesIO()
    picture.save(target, format=kind, **more)
    return target.getvalue()


def half(content):
    return content[: len(content) // 2]


def flipped(content):
    """The same file with one byte changed, in the middle of the pixels."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def moving(kind):
    first, *rest = (noise((40, 30), seed) for seed in (1, 2, 3))
    return written(first, kind, save_all=True, append_images=rest, duration=100)


def opened(content):
    return Picture.open(io.BytesIO(content))


BAD = {
    "half.png": (lambda: half(written(noise(), "PNG")), DAMAGED),
    "half.jpg": (lambda: half(written(noise(), "JPEG")), DAMAGED),
    "half.webp": (lambda: half(written(noise(), "WEBP")), DAMAGED),
    "half.gif": (lambda: half(written(noise(), "GIF")), DAMAGED),
    "flipped.png": (lambda: flipped(written(noise(), "PNG")), DAMAGED),
    "head.png": (lambda: written(noise(), "PNG")[:20], DAMAGED),
    "large.png": (lambda: written(Picture.new("1", (5500, 5500)), "PNG"), TOO_LARGE),
    "bomb.png": (lambda: written(Picture.new("1", (14000, 14000)), "PNG"), TOO_LARGE),
    "moving.gif": (lambda: moving("GIF"), MOVES),
    "moving.png": (lambda: moving("PNG"), "or it moves"),
    "text.png": (lambda: b"<html>", "This file is no picture"),
    "moving.webp": (lambda: moving("WEBP"), MOVES),
}


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, way, name, content):
    """Send a file by one of the ways in; return the answer and what is said beside the file, "" when it is taken."""
    file = SimpleUploadedFile(name, content, "image/png")
    if way == "several":
        fields = {"title": "Typed", "files[]": file}
        answer = client.post(reverse("wagtailimages:add_multiple"), fields, headers=AJAX)
        return answer, answer.json().get("error_message", "")
    if way == "chooser":
        fields = {"image-chooser-upload-title": "Typed", "image-chooser-upload-file": file}
        answer = client.post(reverse("wagtailimages_chooser:create"), fields, headers=AJAX)
        return answer, said(answer.json().get("htmlFragment", ""))
    if way == "profile":
        return _send_profile(client, file)
    address = reverse("wagtailimages:add") if way == "one" else reverse("wagtailimages:edit", args=[stored(client).pk])
    answer = client.post(address, {"title": "Typed", "file": file})
    return answer, said(answer.content)


def _send_profile(client, file):
    fields = {"avatar-avatar": file, "theme-theme": "system", "theme-density": "default", "theme-contrast": "system",
              "theme-keyboard_shortcuts": "on"}  # fmt: skip
    answer = client.post(reverse("wagtailadmin_account"), fields)
    return answer, said(answer.content)


def stored(client):
    """The picture of before, uploaded by this person, which the edit page gives another file."""
    return Image.objects.filter(title="Before").first() or Image.objects.create(
        title="Before",
        file=SimpleUploadedFile("before.png", written(noise(), "PNG")),
        uploaded_by_user_id=client.session["_auth_user_id"],
    )


def said(html):
    return " ".join(one.get_text() for one in BeautifulSoup(html, "html.parser").select(".error-message"))


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_picture_for_a_page_is_refused_in_words_and_what_was_typed_stays(editor, name, way):
    make, reason = BAD[name]

    answer, words = send(editor, way, name, make())

    assert answer.status_code == 200
    assert words.count(reason) == 1
    assert (
        way in ("several", "profile") or "Typed" in answer.content.decode()
    )  # there only the file is sent; a title is made of its name
    assert not Image.objects.exclude(title="Before").exists()
    assert not UserProfile.objects.exclude(avatar="").exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_good_picture_goes_in_by_each_way_without_its_notes(editor, tmp_path, way):
    answer, words = send(editor, way, "gate.jpg", photo())

    files = [path for path in tmp_path.rglob("*gate*") if path.is_file()]
    assert (answer.status_code in (200, 302), words) == (True, "")
    assert files
    for path in files:
        assert dict(opened(path.read_bytes()).getexif()) == {}


def test_the_stored_picture_has_the_size_and_the_digest_of_what_is_stored(editor):
    send(editor, "one", "gate.jpg", photo())

    image = Image.objects.get()
    assert image.file_size == len(image.file.read())
    assert (image.width, image.height) == (8, 6)
    assert image.file_hash == image.get_file_hash() != ""


@pytest.mark.parametrize("name", ["wagtailimages:add", "wagtailimages:add_multiple"])
def test_what_is_taken_is_said_beforehand(editor, name):
    assert "that does not move, of at most 10 MB and 24 million pixels." in editor.get(reverse(name)).content.decode()


def test_a_new_title_alone_asks_nothing_of_the_file(editor):
    image = stored(editor)

    answer = editor.post(reverse("wagtailimages:edit", args=[image.pk]), {"title": "New"})

    before, image = image, Image.objects.get()
    assert answer.status_code == 302
    assert (image.title, image.file.name) == ("New", before.file.name)


def test_a_picture_that_waits_for_its_title_waits_without_its_notes(editor, tmp_path):
    """Wagtail keeps the file when something else of its form is wrong, and makes a picture of it later."""
    file = SimpleUploadedFile("gate.jpg", photo(), "image/jpeg")
    editor.post(reverse("wagtailimages:add_multiple"), {"title": "", "files[]": file}, headers=AJAX)
    waiting = UploadedFile.objects.get()
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])

    editor.post(address, {f"uploaded-image-{waiting.pk}-title": "Gate"}, headers=AJAX)

    assert dict(opened(Image.objects.get(title="Gate").file.read()).getexif()) == {}


def test_a_document_that_waits_is_no_picture(editor, tmp_path):
    kind = ContentType.objects.get(app_label="wagtaildocs", model="document")

    waiting = UploadedFile.objects.create(for_content_type=kind, file=SimpleUploadedFile("a.txt", b"Text"))

    assert waiting.file.read() == b"Text"


def test_without_notes_takes_the_place_away():
    assert GPS in opened(photo()).getexif()

    bare = opened(without_notes(photo()))

    assert dict(bare.getexif()) == {}
    assert bare.size == (8, 6)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_without_notes_keeps_what_is_transparent(kind):
    drawn = Picture.new("P", (4, 1))
    drawn.putpalette([200, 0, 0, 0, 200, 0])
    drawn.putdata([0, 1, 0, 1])

    bare = opened(without_notes(written(drawn, kind, transparency=1))).convert("RGBA")

    assert [pixel[3] for pixel in bare.get_flattened_data()] == [255, 0, 255, 0]
    assert bare.getpixel((0, 0)) == (200, 0, 0, 255)


@pytest.mark.parametrize("alpha", [bytes([255, 120, 0]), bytes([10])])
def test_without_notes_keeps_what_is_half_transparent(alpha):
    drawn = Picture.new("P", (3, 1))
    drawn.putpalette([200, 0, 0, 0, 200, 0, 0, 0, 200])
    drawn.putdata([0, 1, 2])
    before = opened(written(drawn, "PNG", transparency=alpha)).convert("RGBA")

    bare = opened(without_notes(written(drawn, "PNG", transparency=alpha))).convert("RGBA")

    assert bare.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("L", "GIF"),
     ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "WEBP")],
)  # fmt: skip
def test_without_notes_takes_each_mode_as_it_is(mode, kind):
    given = written(Picture.new(mode, (5, 4), 1), kind)

    bare = opened(without_notes(given))

    assert (bare.format, bare.mode, bare.size) == (kind, opened(given).mode, (5, 4))


def test_a_colour_that_means_transparent_stays_so():
    given = written(Picture.new("RGB", (2, 1), (1, 2, 3)), "PNG", transparency=(1, 2, 3))

    assert opened(without_notes(given)).convert("RGBA").getpixel((0, 0)) == (1, 2, 3, 0)


def test_the_photo_of_a_telephone_with_a_second_picture_behind_it_is_a_photo():
    first, second = noise((40, 30)), noise((20, 15), 2)

    bare = opened(without_notes(written(first, "MPO", save_all=True, append_images=[second])))

    assert (bare.format, bare.size, getattr(bare, "n_frames", 1)) == ("JPEG", (40, 30), 1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_whatever_becomes_of_the_bytes_the_answer_is_a_picture_or_words(kind):
    content, chance = written(noise((20, 15)), kind), random.Random(7)  # noqa: S311 -- no secret

    for _turn in range(300):
        broken = bytearray(content)
        for _change in range(chance.randint(1, 4)):
            broken[chance.randrange(min(len(broken), chance.choice((30, 200, 5000))))] = chance.randrange(256)
        try:
            without_notes(bytes(broken[: chance.randint(1, len(broken))]))
        except NotAPicture as error:
            assert str(error.args[0])  # noqa: PT017 -- any other error is the fault


@pytest.mark.parametrize("content", [b"<html>", moving("PNG")])
def test_without_notes_refuses_what_is_no_still_picture(content):
    with pytest.raises(NotAPicture):
        without_notes(content)


@pytest.mark.django_db
def test_what_is_saved_past_every_form_is_guarded_too():
    Collection.get_first_root_node() or Collection.add_root(name="Root")

    with pytest.raises(NotAPicture):
        Image.objects.create(title="Gate", file=SimpleUploadedFile("gate.gif", moving("GIF")))

    assert not Image.objects.exists()


@pytest.mark.django_db
def test_an_uploaded_picture_is_stored_bare_and_served(client):
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    image = Image.objects.create(title="Gate", file=SimpleUploadedFile("gate.jpg", photo(), "image/jpeg"))

    answer = client.get(image.file.url)

    assert answer.status_code == 200
    assert dict(Picture.open(io.BytesIO(b"".join(answer.streaming_content))).getexif()) == {}
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
