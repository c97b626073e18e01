"""What `./fanal` says when it cannot begin: one line that tells what to do, and nothing made or changed."""

import contextlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings


def fanal(verb, tmp_path, **environment):
    """Run the script with an empty folder for data; return the exit code and what it said."""
    result = subprocess.run(
        [settings.BASE_DIR / "fanal", verb],
        env={"PATH": os.environ["PATH"], "FANAL_VAR": str(tmp_path / "var")} | environment,
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return result.returncode, result.stdout, result.stderr


def free_port():
    """Return a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 80", "8000.5", "99999999999999999999"])
@pytest.mark.parametrize("verb", ["demo", "serve"])
def test_port_that_is_none_is_told_in_one_line(tmp_path, verb, port):
    code, out, words = fanal(verb, tmp_path, PORT=port)

    assert (code, out) == (1, "")
    assert words == (
        f"fanal: PORT must be a number from 1 to 65535, not '{port}'; for example: PORT=8001 ./fanal demo\n"
    )
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("verb", ["serve", "worker"])
def test_production_with_nothing_set_says_what_to_set_and_nothing_else(tmp_path, verb):
    code, out, words = fanal(verb, tmp_path, DJANGO_SETTINGS_MODULE="cms.settings.production", PORT=free_port())

    first, *rest = words.splitlines()
    assert (code, out, first) == (1, "", "Fanal cannot start in production:")
    assert [line.partition(":")[0] for line in rest] == [
        "FANAL_SECRET_KEY", "FANAL_SEAL_KEYS", "FANAL_PUBLIC_URL", "DATABASE_URL", "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN", "FANAL_DUTY_PHONE", "FANAL_FROM_EMAIL",
    ]  # fmt: skip
    assert not (tmp_path / "var").exists()


@pytest.fixture
def clone(tmp_path):
    """A folder with the script and an environment whose pip only notes how it was called, and fails while told so."""
    folder = tmp_path / "clone"
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / "fanal", folder)
    (folder / "accounts").mkdir()
    for name in ("__init__.py", "demo_mark.py"):
        shutil.copy(settings.BASE_DIR / "accounts" / name, folder / "accounts")
    (folder / "requirements.txt").write_text("one==1\n")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(
        f'#!/bin/bash\nif [ "$1 $2" = "-m pip" ]; then echo "$*" >>pip.log; [ ! -e fails ]; exit; fi\n'
        f'exec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    return folder


def run(folder, tmp_path, verb="setup", free=999_999, **environment):
    """Run the clone's script on a machine without uv, where so many kilobytes are free."""
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "df").write_text(f'#!/bin/bash\necho Head\necho "disk 1 1 {free} 1% /"\n')
    (tools / "df").chmod(0o755)
    return subprocess.run(
        [folder / "fanal", *verb.split()],
        env={"PATH": f"{tools}:/usr/bin:/bin", "FANAL_VAR": str(tmp_path / "var"), "PYTHON": sys.executable} | environment,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_an_installation_that_failed_goes_on_with_the_same_command(clone, tmp_path):
    (clone / "fails").touch()
    first = run(clone, tmp_path)
    (clone / "fails").unlink()
    run(clone, tmp_path)
    run(clone, tmp_path)

    calls = (clone / "pip.log").read_text().splitlines()
    assert first.returncode == 1
    assert first.stderr.splitlines() == [
        "fanal: Not every package could be installed; is the internet, or your package index, within reach? "
        "The same command goes on from here."
    ]
    assert ["--force-reinstall" in call for call in calls] == [False, True]


def test_each_package_is_given_to_one_of_four_installers_with_all_its_hashes(clone, tmp_path):
    wanted = [f"name{number}==1 \\\n    --hash=sha256:{number}{half}" for number in range(6) for half in "ab"][::2]
    (clone / "requirements.txt").write_text("# a word before\n" + "\n".join(wanted) + "\n")
    python = clone / ".venv" / "bin" / "python"
    python.write_text(
        python.read_text().replace('echo "$*" >>pip.log;', 'echo "$*" >>pip.log; cat "${@: -1}" >>given;')
    )

    run(clone, tmp_path)

    calls = (clone / "pip.log").read_text().splitlines()
    assert len(calls) == 4
    assert all("--require-hashes" in call and "--no-deps" in call for call in calls)
    assert sorted(re.findall(r"name\d==1 \\\n    --hash=\S+", (clone / "given").read_text())) == sorted(wanted)


def test_what_the_failing_installer_said_is_shown(clone, tmp_path):
    (clone / "fails").touch()
    python = clone / ".venv" / "bin" / "python"
    python.write_text(python.read_text().replace("[ ! -e fails ]", 'echo "No such hash" >&2; [ ! -e fails ]'))

    assert run(clone, tmp_path).stderr.splitlines()[0] == "No such hash"


def test_an_environment_cut_off_before_it_had_pip_is_made_anew(clone, tmp_path):
    python = clone / ".venv" / "bin" / "python"
    python.write_text(
        python.read_text().replace(
            "exec", 'if [ "$1 $2" = "-c import pip._internal.cli.main" ]; then exit 1; fi; exec'
        )
    )

    assert "Making the virtual environment" in run(clone, tmp_path).stdout


@pytest.mark.parametrize("verb", ["demo", "setup"])
def test_too_little_room_is_told_in_one_line_before_anything_is_made(clone, tmp_path, verb):
    result = run(clone, tmp_path, verb, free=3 * 1024, PORT=free_port())

    assert result.returncode == 1
    assert result.stderr == (
        f"fanal: Too little room for the data: 3 MB are free in {tmp_path}/var, 60 are needed. "
        f"Make room, or name another folder: FANAL_VAR=/path ./fanal {verb}\n"
    )


def test_a_full_disk_is_named_when_the_packages_do_not_fit(clone, tmp_path):
    (clone / "fails").touch()

    result = run(clone, tmp_path, free=2048)

    words = "fanal: The disk is full: 2 MB are free in .venv. Make room, then run the same command again.\n"
    assert result.stderr == words


PARTS = """#!/bin/bash
last() { if [ "$ENDS" = "$1" ]; then exit 7; fi; exec sleep 60; }
case "$*" in
  "-m gunicorn "*) exec PYTHON -c '
import http.server, os, sys
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), http.server.SimpleHTTPRequestHandler)
server.handle_request()
sys.exit(7) if os.environ["ENDS"] == "web server" else server.serve_forever()' ;;
  "manage.py prepare_demo "*) echo Card >"$3" ;;
  "manage.py worker") last worker ;;
  "manage.py simulator") last simulator ;;
  "-m pip "* | "-m languages.catalogues" | "-m cms."*) ;;
  *) exec PYTHON "$@" ;;
esac
"""


def database(folder, person):
    """Make the file of SQLite that the script would find, in which a person stands."""
    file = folder / "var" / "fanal.sqlite3"
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file)) as base, base:
        base.execute("CREATE TABLE accounts_user (email)")
        base.execute("INSERT INTO accounts_user VALUES (?)", [person])
    return file


def fresh(clone, tmp_path, **environment):
    """Begin the demo afresh; its worker ends at once, and all with it."""
    (clone / ".venv" / "bin" / "python").write_text(PARTS.replace("PYTHON", sys.executable))
    (clone / "livez").touch()
    return run(clone, tmp_path, "demo --fresh", ENDS="worker", PORT=free_port(), **environment)


def test_the_demo_begins_afresh_without_its_own_database_only(clone, tmp_path):
    file = database(tmp_path, "administrator@example.org")
    beside = [file.with_name(name) for name in ("fanal.sqlite3-wal", "fanal.sqlite3-shm", "mine.sqlite3")]
    for one in beside:
        one.touch()

    result = fresh(clone, tmp_path)

    assert "Preparing the database" in result.stdout, result.stderr
    assert [one.exists() for one in (file, *beside)] == [False, False, False, True]
    assert "Preparing the database" in fresh(clone, tmp_path).stdout  # nothing to delete is no fault


def test_a_database_that_is_not_the_demos_is_never_deleted(clone, tmp_path):
    file = database(tmp_path, "somebody@office.example")

    result = fresh(clone, tmp_path)

    assert (result.returncode, file.exists()) == (1, True)
    assert "Nothing was deleted" in result.stderr
    assert "Preparing" not in result.stdout


def test_a_database_that_was_named_is_never_deleted(clone, tmp_path):
    file = database(tmp_path, "administrator@example.org")

    result = fresh(clone, tmp_path, DATABASE_URL=f"sqlite:///{file}")

    assert (result.returncode, file.exists()) == (1, True)
    assert "DATABASE_URL names another database" in result.stderr


@pytest.mark.parametrize("words", ["--frseh", "--fresh now"])
def test_an_unknown_word_behind_demo_begins_nothing(clone, tmp_path, words):
    result = run(clone, tmp_path, f"demo {words}")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"fanal: The demo knows --fresh only, not '{words}'.\n"


@pytest.mark.parametrize("verb", ["setup", "serve", "worker", "check", "lint", "fix", "messages", "doctor", "screens"])
def test_a_verb_that_takes_nothing_refuses_what_follows_it(clone, tmp_path, verb):
    result = run(clone, tmp_path, f"{verb} --once now")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"fanal: '{verb}' takes nothing behind it, not '--once now'; nothing was begun. "
        f"./fanal {verb} --help says what it does.\n"
    )
    assert not (clone / "pip.log").exists()


@pytest.mark.parametrize("words", ["x", "--times x", "--times=x", "--times", "--turns 5 --times -1", "--pythonpath ."])
def test_what_the_bench_does_not_know_is_told_in_one_sentence(clone, tmp_path, words):
    result = run(clone, tmp_path, f"bench {words}")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"fanal: The bench knows --turns, --times, --officials, --calls and --seconds, each with a whole number behind it, not '{words}'; nothing was begun. "
        "./fanal bench --help says what they mean.\n"
    )
    assert not (clone / "pip.log").exists()


@pytest.mark.parametrize("words", ["--turns 20 --times 4", "--times=4 --turns=20"])
def test_what_the_bench_knows_reaches_it(clone, tmp_path, words):
    (clone / ".venv" / "bin" / "python").write_text('#!/bin/bash\n[ "$2" != bench ] || echo "$*"\n')

    assert run(clone, tmp_path, f"bench {words}").stdout.splitlines()[-1] == f"manage.py bench {words}"


@pytest.mark.parametrize("asked", ["--help", "-h"])
@pytest.mark.parametrize("verb", ["demo", "test", "setup", "serve", "worker", "check", "lint", "fix", "messages",
                                  "bench", "doctor", "screens"])  # fmt: skip
def test_help_behind_a_verb_is_its_line_and_begins_nothing(clone, tmp_path, verb, asked):
    result = run(clone, tmp_path, f"{verb} {asked}")

    first, *rest = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert first.startswith(f"./fanal {verb} ")
    assert all(line.startswith("   ") for line in rest)
    assert not (clone / "pip.log").exists()


def test_each_verb_is_told_in_one_line_of_a_hundred_signs_at_most(clone, tmp_path):
    lines = run(clone, tmp_path, "").stdout.splitlines()

    assert len({line.split()[1] for line in lines}) == len(lines)
    assert all(line.startswith("./fanal ") and len(line) <= 100 for line in lines)


@pytest.mark.parametrize(
    ("verb", "words"), [("demo", ["--fresh", "PORT"]), ("test", ["--all", "--required"]),
                        ("bench", ["--turns", "--times", "--officials", "--calls", "--seconds"])],
)  # fmt: skip
def test_what_a_verb_takes_is_told_behind_it(clone, tmp_path, verb, words):
    said = run(clone, tmp_path, f"{verb} --help").stdout

    assert all(word in said for word in words)


def test_a_database_that_is_not_a_demos_is_told_and_nothing_is_started(clone, tmp_path):
    parts = PARTS.replace('echo Card >"$3" ;;', 'echo "Not a demo." >&2; exit 4 ;;')
    (clone / ".venv" / "bin" / "python").write_text(parts.replace("PYTHON", sys.executable))

    result = run(clone, tmp_path, "demo", ENDS="worker", PORT="18237")

    assert (result.returncode, result.stderr) == (1, "Not a demo.\n")


@pytest.mark.parametrize("part", ["web server", "worker", "simulator"])
def test_the_part_of_the_demo_that_ended_by_itself_is_named_with_what_to_do(clone, tmp_path, part):
    (clone / ".venv" / "bin" / "python").write_text(PARTS.replace("PYTHON", sys.executable))
    (clone / "livez").touch()

    result = run(clone, tmp_path, "demo", ENDS=part, PORT=free_port())

    assert (result.returncode, "Card" in result.stdout) == (1, True)
    assert result.stderr.splitlines()[-1] == (
        f"fanal: The {part} ended by itself (code 7), and all of Fanal with it. Lines above may say why. "
        "Run ./fanal demo again; what was saved is kept."
    )
