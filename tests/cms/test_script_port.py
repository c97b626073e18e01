"""A port that is taken: `./fanal` says so before anything is made, not even its own environment."""

import shutil
import socket

import pytest
from django.conf import settings

from tests.cms.test_script import run


@pytest.mark.parametrize("words", ["demo", "demo --fresh", "serve"])
def test_a_taken_port_is_told_before_anything_is_made(tmp_path, words):
    folder = tmp_path / "clone"
    folder.mkdir()
    shutil.copy(settings.BASE_DIR / "fanal", folder)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run(folder, tmp_path, words, PORT=str(port))

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"fanal: Port {port} is taken; end what uses it or choose another: PORT=8001 ./fanal {words.split()[0]}\n"
    )
    assert [one.name for one in folder.iterdir()] == ["fanal"]
    assert not (tmp_path / "var").exists()
