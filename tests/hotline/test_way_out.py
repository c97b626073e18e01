"""The duty phone does not answer while the flow, the database or everything of ours is away: no call ends in silence."""

import datetime as dt
import re
import shutil
import subprocess

import pytest
from django.conf import settings as site
from django.db import OperationalError

from hotline.actions.recordings import keep_recording
from hotline.models import Line, Prompt
from hotline.queries.fallback import PROXY, fallback_of
from hotline.queries.lines import Memory, facts_now, forget_lines
from hotline.queries.way_out import last_words
from hotline.telephony import grammar
from hotline.telephony.simulated import Behaviour, Heard, Simulator
from hotline.telephony.tones import tone

pytestmark = pytest.mark.django_db

OTHER, POLICE = "2 3 1 7 7 0 0 0 8 8 8 8", "9 1 1"
PHONE, ANY_PHONE = "+231770009999", "+231770005555"
UNANSWERED, HUNG_UP = Behaviour(answers=False), Behaviour(after=2, talks=30)


class Played:
    """A document played on a telephone of the practice network, and the duty phone that it rings."""

    def __init__(self, document, behaviour=UNANSWERED, at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC)):
        self.now, heard = at, []
        network = Simulator(
            lambda *_request: (200, {}, document), account="AC1", token="t", base_url="http://x",
            clock=lambda: self.now, observer=heard.append, behaviours=lambda to: behaviour,
        )  # fmt: skip
        call = network.dial("anonymous", "2883")
        self.rung = None
        for _second in range(300):
            self.now += dt.timedelta(seconds=1)
            network.tick()
            self.rung = self.rung or next((one for one in network.calls.values() if one.parent is call), None)
        heard = [one for one in heard if isinstance(one, Heard)]
        rings = next(place for place, one in enumerate(heard) if (one.kind, one.text) == ("ringing", self.rung.to))
        told = heard[rings:]
        self.after = [one.text.replace("\xa0", " ") for one in told if one.kind == "say"]
        self.is_over = not call.is_live


def away(**_values):
    raise OperationalError("away")


@pytest.fixture
def degraded(network, monkeypatch):
    """Return what a caller of a number is answered while the database is away, whatever was called before."""

    def answered(**fields):
        network.sid = "CA" + "7" * 32
        network.call(CallSid="CA" + "8" * 32)  # lines are in memory
        monkeypatch.setattr("hotline.webhooks.actions.receive_call", away)
        reply = network.call(**fields)
        assert reply.headers["X-Fanal-Degraded"] == "1"
        return reply.text

    return answered


@pytest.fixture
def real(line):
    """The line with callers, in English, French and Arabic."""
    Line.objects.update(is_practice=False, account="AC" + "1" * 32)
    forget_lines()
    return line


@pytest.fixture
def second(real):
    """A line of callers that names numbers of its own, in French first."""
    return Line.objects.create(
        country=real.country, name="Z", number="116", numbers="116 +231116", account=real.account,
        language_keys="1:fr 2:en", duty_phone=PHONE, other_number="+231555", police_number="17",
    )  # fmt: skip


@pytest.mark.parametrize("behaviour", [UNANSWERED, HUNG_UP])
def test_with_the_database_away_the_numbers_follow_in_each_language(degraded, behaviour):
    played = Played(degraded(), behaviour)

    assert (played.rung.to, played.rung.from_, played.is_over) == (PHONE, "+2312883", True)
    assert played.after == [
        f"You can also call this number: {OTHER}.", f"The number of the police is {POLICE}.",
        f"Vous pouvez aussi appeler ce numéro : {OTHER}.", f"Le numéro de la police est le {POLICE}.",
        f"يمكنكم أيضا الاتصال بهذا الرقم: {OTHER}.", f"رقم الشرطة هو {POLICE}.", "Goodbye.",
    ]  # fmt: skip


def test_without_other_numbers_it_says_goodbye(degraded):
    Line.objects.update(other_number="", police_number="")

    assert Played(degraded()).after == ["Goodbye."]


def test_recordings_lie_behind_the_database_so_a_voice_of_the_language_speaks(degraded, at):
    for key in ("other_number", "trouble"):
        keep_recording(key=key, language="en", audio=tone(2, 300.0), recorded_by="A", heard_by="B", by="tests", at=at)

    text = degraded()

    assert "<Play>" not in text
    assert f"You can also call this number: {OTHER}." in text


def test_a_language_without_a_voice_is_played(degraded, real, at):
    Line.objects.update(language_keys="1:ht")
    Prompt.objects.filter(key="goodbye").update(text_ht="Orevwa")
    keep_recording(
        key="goodbye", language="ht", audio=tone(2, 300.0), recorded_by="A", heard_by="B", by="tests", at=at
    )

    assert grammar.read(degraded())[-2].tag == "Play"


@pytest.mark.parametrize("called", ["+4799999999", ""])
def test_of_a_number_of_no_line_each_lines_number_follows(degraded, second, settings, called):
    settings.DUTY_PHONE = ANY_PHONE

    played = Played(degraded(To=called))

    assert played.rung.to == ANY_PHONE
    assert played.after == [
        f"You can also call this number: {OTHER}.", f"The number of the police is {POLICE}.",
        "Vous pouvez aussi appeler ce numéro : 2 3 1 5 5 5.", "Le numéro de la police est le 1 7.", "Goodbye.",
    ]  # fmt: skip


def test_a_process_that_has_read_nothing_yet_says_what_needs_no_line(network, monkeypatch):
    monkeypatch.setattr("hotline.webhooks.actions.receive_call", away)
    monkeypatch.setattr("hotline.queries.lines._read", Memory)

    assert "call your country's emergency number now" in Played(network.call().text).after[0]


@pytest.mark.parametrize("behaviour", [UNANSWERED, HUNG_UP])
def test_the_document_of_the_proxy_names_a_number(behaviour):
    text = (site.BASE_DIR / "deploy" / "nginx.conf.example").read_text("utf-8")
    document = re.search(r"map \$uri \$duty_call \{\s+default '(.*?)';", text)[1]

    played = Played(document, behaviour)

    assert (played.rung.to, played.rung.from_, played.is_over) == ("+000000000000", "+000000000001", True)
    assert [words.rpartition("0 0 0")[1] for words in played.after] == ["0 0 0"] * 3


@pytest.mark.parametrize("behaviour", [UNANSWERED, HUNG_UP])
def test_each_exported_document_names_numbers_of_the_manager(second, settings, behaviour):
    settings.DUTY_PHONE = ANY_PHONE

    made = {name: Played(text, behaviour) for name, text in fallback_of().documents.items() if name.endswith(".xml")}

    assert {name: (played.rung.to, played.rung.from_) for name, played in made.items()} == {
        "2883.xml": (PHONE, "+2312883"), "116.xml": (PHONE, "+231116"), "any-other-number.xml": (ANY_PHONE, "+2312883"),
    }  # fmt: skip
    assert all(played.is_over for played in made.values())
    assert made["2883.xml"].after[:2] == [
        f"You can also call this number: {OTHER}.", f"The number of the police is {POLICE}.",
    ]  # fmt: skip
    assert made["116.xml"].after == [
        "Vous pouvez aussi appeler ce numéro : 2 3 1 5 5 5.", "Le numéro de la police est le 1 7.",
        "You can also call this number: 2 3 1 5 5 5.", "The number of the police is 1 7.", "Au revoir.",
    ]  # fmt: skip
    assert made["any-other-number.xml"].after == [
        *made["2883.xml"].after[:2], *made["116.xml"].after[:2], "Goodbye.",
    ]  # fmt: skip


def test_the_same_words_of_several_lines_are_said_once(real, second):
    Line.objects.update(language_keys="1:en", other_number="116", police_number="911")

    assert [say.prompt for say in last_words(facts_now())] == ["other_number", "police_number", "goodbye"]


def of_nginx(text):
    """Return what nginx makes of the maps: each value, and the last one of all of them."""
    pieces = dict(re.findall(r"^map \$uri \$(duty_\d+) \{ default '([^']*)'; \}$", text, re.MULTILINE))
    whole = re.search(r'^map \$uri \$duty_call \{ default "([^"]*)"; \}$', text, re.MULTILINE)[1]
    return re.sub(r"\$\{(\w+)\}", lambda found: pieces[found[1]], whole)


def test_the_proxy_has_the_document_of_the_only_line_else_the_one_for_all(real, settings):
    settings.DUTY_PHONE = ANY_PHONE
    alone = fallback_of().documents
    assert grammar.read(of_nginx(alone[PROXY]))[1][0].text == PHONE

    Line.objects.create(
        country=real.country, name="Z", number="116", numbers="116", account=real.account, language_keys="1:fr",
        duty_phone=PHONE, other_number="+231555",
    )  # fmt: skip
    several = fallback_of().documents

    assert grammar.read(of_nginx(several[PROXY]))[1][0].text == ANY_PHONE


def test_what_nginx_reads_as_more_than_a_sign_is_guarded(real):
    Prompt.objects.filter(key="goodbye").update(text_en="It's $5 \\ go")

    made = fallback_of().documents[PROXY]

    assert "It&#39;s &#36;5 &#92; go" in made
    assert grammar.read(of_nginx(made))[-2].text == "It's $5 \\ go"


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_nginx_takes_what_is_exported_in_place_of_the_example(real, tmp_path):
    Prompt.objects.filter(key="goodbye").update(text_en="ด" * 390)
    Line.objects.update(language_keys="1:en 2:fr 3:ar 4:es 5:pt 6:th 7:id")
    (tmp_path / PROXY).write_text(fallback_of().documents[PROXY], "utf-8")
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {folders} include {PROXY};"
        " server { listen 127.0.0.1:5899; location / { return 200 $duty_call; } } }"
    )

    found = subprocess.run(
        [shutil.which("nginx"), "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stderr
