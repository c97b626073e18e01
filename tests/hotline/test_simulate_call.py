"""`manage.py simulate_call` on a demo that somebody uses: any script, any number of times, and nobody is disturbed."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hotline import actions
from hotline.demo.play import FOLDER
from hotline.models import Contact, OperatorState, Shift

pytestmark = pytest.mark.django_db
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.txt"))


@pytest.fixture(autouse=True)
def today(now, line, operator):
    """The instant at which everybody is on shift."""


@pytest.fixture
def second(person, liberia, line, at):
    """An operator of the line whose shift begins this evening."""
    user = person("operator", country=liberia, name="Second, Liberia")
    Shift.objects.create(
        line=line, user=user, starts_at=at + dt.timedelta(hours=6), ends_at=at + dt.timedelta(hours=9)
    )
    return user


def play(script: str) -> tuple[int, str]:
    """Play a script as the command does; return its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("simulate_call", script, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def presence(user) -> str:
    return OperatorState.objects.get(user=user).state


@pytest.mark.either
@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_plays_twice_in_a_row_and_leaves_no_sheet_open(script, operator):
    played = [play(script), play(script)]

    assert [code for code, _ in played] == [0, 0], played[-1][1]
    assert presence(operator) == "ready"
    assert not Contact.objects.filter(state__in=["wrap_up", "waiting", "offered", "connected"]).exists()


@pytest.mark.either
def test_all_scripts_play_one_after_the_other(operator):
    played = {script: play(script) for script in [*SCRIPTS, *reversed(SCRIPTS)]}

    assert {script: code for script, (code, _) in played.items()} == dict.fromkeys(SCRIPTS, 0)
    assert "The operator closes the sheet of the call." in played["danger"][1]


def test_a_call_in_the_browser_goes_on_while_another_person_takes_the_scripts(network, operator, second, at):
    contact = network.taken(operator, at)
    network.room("participant-join", 1, contact, sid=network.sid, label="caller")
    network.room("participant-join", 2, contact, sid="CA" + "f" * 32, label="op-1")
    assert presence(operator) == "on_call"

    code, told = play("answered")

    assert code == 0, told
    contact.refresh_from_db()
    assert (presence(operator), contact.state, contact.claimed_by) == ("on_call", "connected", operator)
    assert presence(second) == "off"
    assert Contact.objects.exclude(pk=contact.pk).get().claimed_by == second


def test_an_offered_call_and_its_orders_are_left_to_their_worker(network, operator, second, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)

    code, told = play("nothing-pressed")  # eighty seconds of the script's own clock

    assert code == 0, told
    contact.refresh_from_db()
    assert (contact.state, contact.claimed_by, presence(operator)) == ("offered", operator, "offered")
    assert not contact.commands.exclude(done_at=None, claimed_until=None).exists()


def test_when_all_are_busy_one_sentence_says_what_to_do(network, operator, at):
    actions.take_call(contact=network.queued(), by=operator, at=at)

    code, told = play("answered")

    assert code == 1
    assert "end a call or close a sheet in the console" in told
    assert presence(operator) == "offered"
    assert Contact.objects.filter(ended_at=None).count() == 1


def test_who_was_on_a_break_is_on_it_again(operator, at):
    actions.set_presence(user=operator, state="break", by=operator, at=at)

    assert play("danger")[0] == 0
    assert presence(operator) == "break"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("operator holds", "let her take the call first"),
        ("operator takes\noperator takes", "the operator became busy meanwhile"),
        ("operator drops", "let her take the call first"),
        ("hang up\npress 1", "has hung up already"),
        ("operator wraps up", "end the call first"),
    ],
)
def test_a_step_that_is_not_possible_is_told_in_a_sentence(tmp_path, operator, lines, said):
    script = tmp_path / "own.txt"
    script.write_text(f"call 2883 from +231770001111\npress 1\nwait 8\n{lines}\n")

    code, told = play(str(script))

    assert (code, said in told) == (1, True), told
    assert presence(operator) == "ready"
    assert not Contact.objects.filter(ended_at=None).exists()


def test_a_file_that_is_no_text_in_utf_8_is_told_in_a_sentence(tmp_path):
    script = tmp_path / "own.txt"
    script.write_bytes("call 2883 from +231770001111\n# à la caisse\n".encode("latin-1"))

    with pytest.raises(
        CommandError, match=r"own\.txt is no text in UTF-8\. Save it as UTF-8, then try again\.$"
    ) as told:
        play(str(script))

    assert told.value.returncode == 2
