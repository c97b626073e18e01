import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Collection

from cms.images import NotAPicture, without_notes

GPS = 0x8825


def photo():
    """A small JPEG with a place in its notes."""
    notes = Picture.Exif()
    notes[GPS] = {1: "N", 2: (6.0, 18.0, 0.0)}
    target = io.BytesIO()
    Picture.new("RGB", (8, 6), "navy").save(target, format="JPEG", exif=notes)
    return target.getvalue()


def test_without_notes_takes_the_place_away():
    assert GPS in Picture.open(io.BytesIO(photo())).getexif()

    bare = Picture.open(io.BytesIO(without_notes(photo())))

    assert dict(bare.getexif()) == {}
    assert bare.size == (8, 6)


def test_without_notes_refuses_what_is_no_picture():
    with pytest.raises(NotAPicture):
        without_notes(b"<html>")


@pytest.mark.django_db
def test_an_uploaded_picture_is_stored_bare_and_served(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    image = Image.objects.create(title="Gate", file=SimpleUploadedFile("gate.jpg", photo(), "image/jpeg"))

    answer = client.get(image.file.url)

    assert answer.status_code == 200
    assert dict(Picture.open(io.BytesIO(b"".join(answer.streaming_content))).getexif()) == {}
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
