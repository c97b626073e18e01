"""A practice line that telephones reach says only what can be heard, as a live one does; only a simulated one shows words."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from hotline import queries
from hotline.actions import flows, lines, recordings
from hotline.models import Line, Prompt
from hotline.queries import doors
from hotline.queries.flows import plan_of
from hotline.queries.lines import memory
from hotline.queries.plans import unsaid_on_a_live_line
from hotline.queries.spoken import unheard
from hotline.telephony.tones import tone
from tests.hotline.telephones import REAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(person, liberia):
    """A manager of the line's country."""
    return person("manager", country=liberia, name="A manager")


@pytest.fixture(autouse=True)
def words(line):
    """Words in Kinyarwanda and Haitian Creole, which no voice speaks and nobody has recorded."""
    Prompt.objects.update(text_rw="Amagambo", text_ht="Mo")
    queries.forget_lines()


@pytest.fixture
def reached(line, settings):
    """The practice line on a real account, by whatever way it got its two languages without a voice."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.SIMULATOR = REAL, f"{REAL}=secret", False
    Line.objects.update(account=REAL, language_keys="1:rw 2:ht")
    line.refresh_from_db()
    queries.forget_lines()
    return line


def test_a_telephone_is_never_sent_written_words(reached, network):
    fields = network.fields(CallStatus="ringing")

    reply = network.post("/hotline/twilio/voice/", fields, account=REAL)

    voices = {(say.get("voice"), say.get("language")) for say in reply.document.iter("Say")}
    assert voices == {("Polly.Celine", "fr-FR"), ("Polly.Amy", "en-GB")}
    assert "Amagambo" not in reply.text
    assert queries.line_by_id(reached.pk).is_practice


def test_the_practice_network_shows_them(line, network):
    Line.objects.update(language_keys="1:rw 2:ht")
    queries.forget_lines()

    assert ("written", "rw") in {
        (say.get("voice"), say.get("language")) for say in network.call().document.iter("Say")
    }


def test_a_line_of_whom_nothing_is_known_says_no_written_words():
    memory()

    cells = [queries.spoken_cell("goodbye", "ht"), queries.spoken_cell("no_such_prompt", "rw")]

    assert [(cell.language, cell.voice) for cell in cells] == [("fr", "Polly.Celine"), ("en", "")]


def test_no_language_with_an_empty_cell_is_published_or_put_on_a_key(reached, manager, at):
    plan = replace(plan_of(reached), languages=(("1", "en"), ("2", "ht")), takes_messages=False)
    draft = flows.draft_flow(line=reached, plan=plan, by=manager, at=at)

    with pytest.raises(flows.FlowRefused) as refused:
        flows.publish_flow(draft=draft, by=manager, at=at, seen=draft.digest, seen_live=0)
    (fault,) = refused.value.faults
    assert (fault.code, fault.values["language"]) == ("no_words", "ht")
    assert "greeting" in fault.values["prompts"]
    assert unsaid_on_a_live_line(reached, plan) == []

    with pytest.raises(lines.NotHeard):
        lines.add_language(line=reached, code="wo", by=manager, at=at)


def test_neither_is_one_with_which_a_line_moves_to_a_real_account_or_is_opened_there(
    line, manager, haiti, at, settings
):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = REAL, f"{REAL}=secret"
    Line.objects.update(language_keys="1:en 2:ht")
    gaps = len(unheard(["ht"], is_reachable=True, is_free=True, line_id=line.pk, plan=plan_of(Line.objects.get())))
    with pytest.raises(lines.NotHeard) as refused:
        lines.change_line(
            line=line, facts={"account": REAL}, week=queries.lines.week_of(line), version=0, by=manager, at=at
        )
    assert gaps
    assert {code for _key, code in refused.value.gaps} == {"ht"}

    told = {"country": haiti, "numbers": ["116"], "number": "116", "name": "To practise", "language_keys": "1:rw",
            "duty_phone": "+50937009999", "is_practice": True, "by": "test", "at": at}  # fmt: skip
    with pytest.raises(lines.NotHeard):
        lines.open_line(account=REAL, **told)
    assert lines.open_line(account=line.account, **told).language_codes == ["rw"]


def test_a_recording_that_it_needs_stays(reached, manager, person, liberia, at):
    told = {"line": reached, "key": "goodbye", "language": "ht", "recorded_by": "A speaker", "audio": tone(1)}
    row = recordings.upload_recording(**told, by=manager, at=at)
    recordings.confirm_recording(recording=row, by=person("manager", country=liberia, name="Another"), at=at)

    with pytest.raises(recordings.StillNeeded):
        recordings.remove_recording(recording=row, by=manager, at=at)


def test_its_page_promises_no_words(reached, manager, sign_in):
    page = sign_in(manager).get(reverse("hotline:prompts", args=[reached.public_id])).content.decode()
    Line.objects.update(account="AC" + "0" * 32)
    shown = sign_in(manager).get(reverse("hotline:prompts", args=[reached.public_id])).content.decode()

    promise = "it shows words where nothing can be heard yet."
    assert promise not in page
    assert promise in shown


def test_its_doors_are_looked_at_and_it_has_a_document_for_when_all_is_down(reached, settings, tmp_path):
    settings.TWILIO_AUTH_TOKEN = ""  # so that nobody is asked
    assert [looked.account for looked in doors.looked_at()] == [REAL]

    Line.objects.update(account="AC" + "0" * 32)
    queries.forget_lines()
    assert doors.looked_at() == []
    with pytest.raises(CommandError, match="No line is live"):
        call_command("export_fallback", str(tmp_path), stdout=StringIO(), stderr=StringIO())

    Line.objects.update(account=REAL, language_keys="1:en 2:ht")
    queries.forget_lines()
    call_command("export_fallback", str(tmp_path), stdout=StringIO(), stderr=StringIO())
    assert 'voice="Polly.' in (tmp_path / "2883.xml").read_text("utf-8")
    assert "written" not in (tmp_path / "2883.xml").read_text("utf-8")
