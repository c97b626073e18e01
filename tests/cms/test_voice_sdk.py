"""The provider's script for the browser: taken whole and as pinned, or not at all, with words that say what to do."""

import io
import subprocess
import sys
import tarfile

import pytest
from django.conf import settings

from cms import voice_sdk
from hotline.queries.softphone import SCRIPT

pytestmark = pytest.mark.either


def packed():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name in voice_sdk.FILES:
            part = tarfile.TarInfo(name)
            part.size = len(name)
            archive.addfile(part, io.BytesIO(name.encode()))
    return made.getvalue()


def test_other_bytes_under_its_name_are_deleted_and_nothing_is_installed(tmp_path):
    package = tmp_path / "npm" / voice_sdk.PACKAGE
    package.parent.mkdir()
    package.write_bytes(packed())

    words = voice_sdk.settle(package.parent, tmp_path / "assets")

    assert "was not what npm's registry names" in words
    assert not package.exists()
    assert not (tmp_path / "assets").exists()


def test_without_npm_it_says_what_to_do(tmp_path):
    order = [sys.executable, "-m", "cms.voice_sdk", str(tmp_path / "npm"), str(tmp_path / "assets")]
    said = subprocess.run(order, env={"PATH": ""}, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert said.returncode == 0
    assert "apt install npm" in said.stdout
    assert "Operators use their own telephones" in said.stdout


def test_script_and_licence_are_laid_where_the_pages_look_for_them(tmp_path):
    voice_sdk.put(packed(), tmp_path / "vendor")

    assert (tmp_path / SCRIPT).read_text() == "package/dist/twilio.min.js"
    assert len(list((tmp_path / "vendor").iterdir())) == len(voice_sdk.FILES) == 2
