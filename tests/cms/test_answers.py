"""A database that cannot be reached is told in one sentence, before anything is begun."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from cms.settings import answers
from tests.cms.test_script import fanal

AWAY = "postgres://fanal:a-secret-word@127.0.0.1:1/fanal"


@pytest.mark.parametrize("verb", ["setup", "serve", "worker", "demo", "doctor"])
def test_a_server_that_is_away_is_told_in_one_sentence(tmp_path, verb):
    code, out, words = fanal(verb, tmp_path, DATABASE_URL=AWAY)

    assert (code, out, words) == (1, "", f"fanal: {answers.SILENT}\n")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (AWAY, answers.SILENT), ("postgres://fanal@no-such-host.invalid/fanal", answers.SILENT),
        ("postgres://%2Fnowhere/fanal", answers.SILENT), ("sqlite:////nowhere/fanal.sqlite3", answers.NO_FOLDER),
        (f"sqlite:///{__file__}", answers.NO_DATABASE), ("sqlite:////tmp", answers.NO_DATABASE),
    ],
)  # fmt: skip
def test_what_cannot_be_reached_is_told_without_the_value(url, words):
    assert answers.refusal(url) == words
    assert "secret" not in words


def test_a_file_that_is_not_there_yet_is_not_made(tmp_path):
    assert answers.refusal(f"sqlite:///{tmp_path}/fanal.sqlite3") == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_somebody_writes_to_is_there(tmp_path):
    file = tmp_path / "fanal.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert answers.refusal(f"sqlite:///{file}") == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a server that is there")
def test_a_server_that_is_there_is_told_from_one_that_lets_nobody_in(db):
    given = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}".format(**given)

    assert answers.refusal(f"{url}/{given['NAME']}") == ""
    assert answers.refusal(f"{url}/there_is_none") == answers.SHUT
