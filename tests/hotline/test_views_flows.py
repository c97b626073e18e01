"""The call flow of a line under /admin/: drafted as a form, faults told in words, tried, published."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.users.models import UserProfile

from accounts.models import AuditEntry
from hotline.actions import flows
from hotline.ivr.faults import _walked
from hotline.models import FlowVersion, Line, Prompt, SimulatorAct
from hotline.queries.flows import live_flow, plan_now, plan_of
from hotline.queries.lines import forget_lines, line_by_id
from hotline.queries.spoken import needed_by, unheard
from languages import table
from languages.actions import working
from languages.models import Segment, Unit
from languages.queries.keys import place_of
from tests.hotline.test_flows import publish
from tests.referral.pathways.forms import may_enter

pytestmark = pytest.mark.either


@pytest.fixture
def user(person, liberia):
    """A manager of the line's country."""
    return may_enter(person("manager", country=liberia, name="First manager", is_staff=True))


@pytest.fixture
def browser(sign_in, user):
    """Her browser."""
    return sign_in(user)


@pytest.fixture
def second(person, liberia):
    """Another manager of the country."""
    return person("manager", country=liberia, name="Second manager")


def sent(browser, line, **changes):
    """What the form of the draft sends as it stands, with changes."""
    form = browser.get(reverse("flows:edit", args=[line.pk])).context["form"]
    told = {field.html_name: field.value() for field in form}
    told = {name: value for name, value in told.items() if value not in (None, False)}
    return {name: value for name, value in (told | changes).items() if value is not None}


def edit(browser, line, **changes):
    return browser.post(reverse("flows:edit", args=[line.pk]), sent(browser, line, **changes), follow=True)


def page(browser, line):
    return browser.get(reverse("flows:line", args=[line.pk])).content.decode()


def post(browser, place, *args, **told):
    return browser.post(reverse(f"flows:{place}", args=args), told, follow=True).content.decode()


def test_a_draft_is_edited_shown_against_what_callers_hear_and_published(browser, line, at):
    assert "2883" in browser.get(reverse("flows:index")).content.decode()
    edit(browser, line, danger_key="8", takes_messages=None, wait_minutes="4")
    draft = FlowVersion.objects.get()
    shown = page(browser, line)

    assert (draft.state, draft.body["danger_key"], draft.body["takes_messages"]) == ("draft", "8", False)
    assert line_by_id(line.pk).plan.danger_key == "9"
    assert "<del>\u20689\u2069</del>" in shown
    assert "<ins>\u20688\u2069</ins>" in shown

    # No French or Arabic pieces of menus are needed: the practice line says words.
    said = post(browser, "publish", line.pk, seen=draft.digest, live="0")

    assert "Version 1 is published." in said
    assert line_by_id(line.pk).plan.danger_key == "8"
    assert Line.objects.get().wait_minutes == 4


def test_what_is_wrong_is_told_in_words_with_a_link_to_the_field_and_nothing_is_published(browser, line):
    edit(browser, line, danger_key="7", after_hours="forward", duty_phone="", language_3="es", key_3="7")
    draft, shown = FlowVersion.objects.get(), page(browser, line)

    assert "A language sits on the key 7 already." in shown
    assert f'href="{reverse("flows:edit", args=[line.pk])}#id_danger_key"' in shown
    assert "#id_after_hours_number" in shown
    assert "#id_duty_phone" in shown
    assert "It was not published." in post(browser, "publish", line.pk, seen=draft.digest, live="0")
    assert not FlowVersion.objects.filter(state="live").exists()


def test_what_no_plan_can_be_is_refused_in_the_form_with_what_was_typed(browser, line):
    answer = edit(browser, line, wait_seconds="60", duty_phone="call me", key_2="1")

    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Two languages cannot sit on the key 1." in words
    assert 'value="call me"' in words
    assert not FlowVersion.objects.exists()


def test_a_language_without_words_is_named_with_its_prompts(browser, line):
    edit(browser, line, language_1="ht", calls_back=None)

    shown = page(browser, line)

    assert "cannot say:" in shown
    assert reverse("hotline:prompts_in", args=[line.public_id, "ht"]) in shown


def test_somebody_elses_draft_is_not_overwritten_unseen(browser, second, line, at):
    mine = sent(browser, line, wait_minutes="3")
    flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=5), by=second, at=at)

    answer = browser.post(reverse("flows:edit", args=[line.pk]), mine)

    assert answer.status_code == 409
    assert 'value="3"' in answer.content.decode()
    assert FlowVersion.objects.get().body["wait_minutes"] == 5
    assert "Somebody else changed" in post(browser, "publish", line.pk, seen="0" * 64, live="0")


def test_an_earlier_version_is_shown_and_can_be_begun_from(browser, user, line, at):
    first = publish(line, user, at, wait_minutes=3)
    publish(line, user, at, wait_minutes=6)
    shown = browser.get(reverse("flows:version", args=[first.pk])).content.decode()
    assert "Begin the draft from this version" in shown

    post(browser, "again", line.pk, version=str(first.pk))
    assert FlowVersion.objects.get(state="draft").body["wait_minutes"] == 3
    post(browser, "again", line.pk, sure=FlowVersion.objects.get(state="draft").digest)
    assert FlowVersion.objects.get(state="draft").body == live_flow(line).body
    assert "Nothing: the draft says what callers hear." in page(browser, line)


def test_the_draft_is_dialled_on_an_on_screen_phone_only_where_calls_are_practised(browser, user, line, at, settings):
    draft = flows.draft_flow(line=line, plan=replace(plan_of(line), wait_minutes=3), by=user, at=at)
    settings.SIMULATOR = False
    assert "Try it" not in page(browser, line)
    assert browser.post(reverse("flows:try", args=[line.pk]), follow=True).status_code == 404
    settings.SIMULATOR = True
    forget_lines()

    answer = browser.post(reverse("flows:try", args=[line.pk]), follow=True)

    assert answer.status_code == 200
    assert SimulatorAct.objects.get().payload == {"to": f"draft-{draft.pk}"}
    assert f'<p class="to ltr">{line.number}</p>' in answer.content.decode()
    assert f'href="{reverse("flows:line", args=[line.pk])}"' in answer.content.decode()


def test_a_number_is_confirmed_by_another_and_then_offered(browser, second, line, at):
    post(browser, "add_number", line.pk, name="Night service", number="+231770007777")
    (row,) = line.forward_numbers.all()
    own = page(browser, line)
    assert "not confirmed yet" in own
    assert "I called it: confirm" not in own
    assert "does not confirm it" in post(browser, "confirm_number", line.pk, row.pk)

    flows.confirm_forward_number(number=row, by=second, at=at)
    edit(browser, line, after_hours="forward", after_hours_number="+231770007777")

    assert "What must be mended" not in page(browser, line)
    assert FlowVersion.objects.get().body["after_hours_number"] == "+231770007777"
    assert "This number is on the list already." in post(
        browser, "add_number", line.pk, name="Again", number="+231770007777"
    )
    post(browser, "remove_number", line.pk, row.pk)
    assert not line.forward_numbers.filter(removed_at=None).exists()
    assert AuditEntry.objects.filter(verb__startswith="hotline.forward_").count() == 3


def test_a_supervisor_forwards_a_line_to_a_confirmed_number_only(sign_in, user, second, supervisor, line, at):
    row = flows.add_forward_number(line=line, number="+231770007777", name="Night service", by=user, at=at)
    desk, place = sign_in(supervisor), reverse("hotline:set_mode", args=[line.public_id])
    assert "Forwarded to Night service" not in desk.get(reverse("hotline:roster")).content.decode()
    flows.confirm_forward_number(number=row, by=second, at=at)

    shown = desk.get(reverse("hotline:roster")).content.decode()
    asked = desk.post(place, {"mode": "forward:+231770007777", "seen": "normal"}).content.decode()
    line.refresh_from_db()
    assert line.mode == "normal"
    says = "While the line is forwarded, callers are connected with +231770007777; callers in danger and callers who "
    says += "cannot speak go to the duty phone."
    beside, before = (BeautifulSoup(one, "html.parser").find("main").get_text() for one in (shown, asked))
    assert (f"Forwarded to Night service: {says}" in beside, says in before) == (True, True)
    facts = [one.get_text() for one in BeautifulSoup(asked, "html.parser").select("main dd")]
    assert (facts[1:3], "Forward this line?" in before) == (["Normal", "Forwarded to Night service"], True)
    form = BeautifulSoup(asked, "html.parser").find("form", action=place)
    assert form.button.get_text() == "Forward the line"
    sent = {one["name"]: one["value"] for one in form.select("input, button") if one["name"] != "csrfmiddlewaretoken"}
    assert sent == {"mode": "forward:+231770007777", "seen": "normal", "sure": "1"}
    desk.post(place, sent)

    assert [words in shown for words in ("Forwarded to Night service", "Nobody new waits", "Drill")] == [True] * 3
    line.refresh_from_db()
    assert (line.mode, line.mode_number) == ("forward", "+231770007777")
    desk.post(place, {"mode": "forward:+231770006666", "seen": "forward", "sure": "1"})
    line.refresh_from_db()
    assert line.mode_number == "+231770007777"


@pytest.mark.parametrize("role", ["manager", "supervisor", "operator"])
def test_nobody_but_those_who_set_up_the_line_sees_its_flow(sign_in, person, haiti, line, user, at, role):
    version = publish(line, user, at)
    home = line.country if role != "manager" else haiti
    stranger = sign_in(may_enter(person(role, country=home, is_staff=True)))
    places = [
        reverse("flows:line", args=[line.pk]), reverse("flows:edit", args=[line.pk]),
        reverse("flows:version", args=[version.pk]),
    ]  # fmt: skip

    assert {stranger.get(place).status_code for place in places} <= {302, 403, 404}
    assert {stranger.post(reverse(f"flows:{name}", args=[line.pk])).status_code for name in ("publish", "again", "try")} <= {
        302, 403, 404,
    }  # fmt: skip
    assert not FlowVersion.objects.filter(state="draft").exists()


def test_a_practice_line_says_which_language_a_live_one_could_not_speak(browser, line, user, at):
    assert "and every language can say it" in page(browser, line)

    flows.draft_flow(line=line, plan=replace(plan_of(line), languages=(("1", "en"), ("2", "rw"))), by=user, at=at)
    drafted = page(browser, line)

    against = BeautifulSoup(drafted, "html.parser").find(id="faults")
    assert "Nothing." not in against.text
    assert "In the draft" in against.text
    which = against.find("details").find_all("li")
    assert told_missing(against) == len(which) > 20
    assert "If you are in danger now, press 9." in [one.text for one in which]

    flows.draft_flow(
        line=line, plan=replace(plan_of(line), languages=(("1", "en"), ("2", "rw")), duty_phone=""), by=user, at=at,
        seen=FlowVersion.objects.get().digest,
    )  # fmt: skip
    faulty = page(browser, line)
    assert faulty.index("duty phone") < faulty.index("Not yet possible on a live line")
    assert reverse("hotline:prompts_in", args=[line.public_id, "rw"]) in drafted


@pytest.mark.parametrize("spelled", ["en", "pt-pt"])
def test_what_is_not_said_is_listed_with_the_keys_and_the_words_of_the_draft_in_the_readers_language(
    browser, user, line, at, spelled
):
    Prompt.objects.filter(key="danger_offer").update(text_pt="Se estiver em perigo, prima 9.")
    forget_lines()
    told = {"danger_key": "8", "words": (("goodbye", "en", "Go well."), ("goodbye", "pt", "Vá bem."))}
    plan = replace(plan_of(line), languages=(("1", "en"), ("2", "rw")), **told)
    flows.draft_flow(line=line, plan=plan, by=user, at=at)
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": spelled})

    against = BeautifulSoup(page(browser, line), "html.parser").find(id="faults")
    which = [one.text for one in against.find("details").find_all("li")]

    danger, goodbye = {
        "en": ("If you are in danger now, press 8.", "Go well."),
        "pt-pt": ("Se estiver em perigo, prima 8.", "Vá bem."),
    }[spelled]
    assert danger in which
    assert goodbye in which
    assert [words for words in which if "9" in words] == []


def test_a_language_with_gaps_is_refused_on_a_practice_line_too_until_it_is_said_to_be_for_practice(
    browser, line, user, at
):
    for code in ("en", "rw"):
        Prompt.objects.update(**{f"text_{code}": "Amagambo"})
    forget_lines()
    flows.draft_flow(line=line, plan=replace(plan_of(line), languages=(("1", "en"), ("2", "rw"))), by=user, at=at)
    seen = {"seen": FlowVersion.objects.get().digest, "live": "0"}
    shown = BeautifulSoup(page(browser, line), "html.parser")
    box = shown.find(id="for-practice")
    assert "With this tick the draft is published as it is" in shown.find(id=box["aria-describedby"]).text

    refused = post(browser, "publish", line.pk, **seen)

    assert "It was not published. Mend what stands below, or tick above “Publish”" in refused
    assert "What must be mended first" not in refused
    assert FlowVersion.objects.get().state == "draft"
    assert "Version 1 is published." in post(browser, "publish", line.pk, for_practice="on", **seen)


def test_gaps_of_what_callers_hear_stand_on_a_live_line_and_not_against_publishing(browser, line, user, at):
    for code in ("en", "rw"):
        Prompt.objects.update(**{f"text_{code}": "Amagambo"})
    publish(line, user, at, languages=(("1", "en"), ("2", "rw")))
    shown = BeautifulSoup(page(browser, line), "html.parser")
    against, lacking = shown.find(id="faults"), shown.find(id="live-line")

    assert against.find(class_="fine").text == "Nothing."
    assert against.find(class_="fault") is None
    assert "Callers hear now" in lacking.text
    assert "On a live line" in lacking.text
    assert told_missing(lacking.find(class_="gap")) == len(lacking.find_all("li")) > 20

    line.refresh_from_db()
    flows.draft_flow(line=line, plan=replace(plan_now(line), wait_minutes=3), by=user, at=at)
    drafted = BeautifulSoup(page(browser, line), "html.parser")
    assert told_missing(drafted.find(id="faults").find(class_="fault")) > 20
    assert drafted.find(id="for-practice") is not None
    assert drafted.find(class_="gap") is None


def test_what_a_practice_line_may_lack_does_not_stand_against_publishing(browser, line, user, at):
    flows.draft_flow(line=line, plan=replace(plan_of(line), other_number=""), by=user, at=at)
    shown = BeautifulSoup(page(browser, line), "html.parser")

    assert shown.find(id="faults").find(class_="fine").text == "Nothing."
    assert shown.find(id="faults").find(class_="hint") is None
    assert "names no other number" in shown.find(id="live-line").text
    assert "prompt" not in shown.find(id="live-line").text


def told_missing(part):
    """Return how many prompts a part of a page says are missing."""
    return int(re.search(r"(\d+) prompts? (?:is|are) missing", part.text)[1])


def test_the_flow_and_the_prompts_say_which_of_draft_and_callers_they_count_and_count_the_draft_alike(
    browser, line, user, at
):
    prompts = reverse("hotline:prompts_in", args=[line.public_id, "ht"])
    is_one = BeautifulSoup(browser.get(prompts).content, "html.parser")
    assert is_one.find(id="missing-in-draft") is None
    assert "Callers hear now" not in is_one.text

    now = replace(plan_of(line), languages=(("1", "en"), ("2", "ht")))
    Line.objects.filter(pk=line.pk).update(language_keys="1:en 2:ht")
    line.refresh_from_db()
    flows.draft_flow(line=line, plan=replace(now, takes_messages=False, calls_back=False), by=user, at=at)
    flow = BeautifulSoup(page(browser, line), "html.parser").find(id="faults")
    of_one = BeautifulSoup(browser.get(prompts).content, "html.parser")
    whole = BeautifulSoup(browser.get(reverse("hotline:prompts", args=[line.public_id])).content, "html.parser")
    row = whole.find("a", href=prompts).find_parent("tr")

    drafted, heard = told_missing(flow), told_missing(of_one.find(class_="wait"))
    assert "In the draft" in flow.text
    assert drafted < heard
    assert told_missing(of_one.find(id="missing-in-draft")) == drafted
    assert "Callers hear now: Not yet possible" in of_one.find(class_="wait").text
    counts = re.search(r"Callers hear now\D*(\d+) prompts are missing\s*In the draft\D*(\d+) prompts", row.text)
    assert [int(count) for count in counts.groups()] == [heard, drafted]
    english = whole.find("a", href=reverse("hotline:prompts_in", args=[line.public_id, "en"])).find_parent("tr")
    assert "In the draft" not in english.text  # nothing is missing in either
    for shown in (whole, of_one):
        assert shown.find("a", href=reverse("flows:line", args=[line.pk])) is not None


def drafted(key, at, language="fr", text="Mots"):
    """Let a prompt have live words in a language that no native reader has read."""
    place = place_of(Prompt.objects.get(key=key))
    segment = Segment.objects.create(**place, path="text", text="Words", kind="text", version=1, changed_at=at)
    stands = {"draft": text, "live": text, "live_version": 1, "freshness": 1, "state": "draft"}
    return Unit.objects.create(**place, segment=segment, language=language, **stands)


def told_unread(part):
    """Return how many words part of a page says nobody has read, 0 where it says nothing of it."""
    found = re.search(r"(\d+) awaiting a native reader", part.text) if part else None
    return int(found[1]) if found else 0


def test_who_publishes_is_told_by_language_how_many_words_that_callers_hear_nobody_has_read(browser, line, user, at):
    heard = [drafted(key, at) for key in ("greeting", "goodbye", "voicemail", "day_0")]
    for key in ("text_received", "whisper", "own_phone", "expect_soon"):  # sent, to the staff, of another flow
        drafted(key, at)
    plan = replace(plan_of(line), languages=(("1", "en"), ("2", "fr")), takes_messages=False, calls_back=False)
    flows.draft_flow(line=line, plan=plan, by=user, at=at)

    def told():
        shown = BeautifulSoup(page(browser, line), "html.parser")
        whole = BeautifulSoup(browser.get(reverse("hotline:prompts", args=[line.public_id])).content, "html.parser")
        place = reverse("hotline:prompts_in", args=[line.public_id, "fr"])
        return shown, whole.find("a", href=place).find_parent("tr"), shown.find(id="unread")

    shown, row, at_flow = told()
    assert at_flow.find_parent("form")["action"] == reverse("flows:publish", args=[line.pk])
    assert told_unread(at_flow) == 3
    assert re.findall(r"(\d+) awaiting a native reader", row.text) == ["4", "3"]  # callers hear now, in the draft
    assert "English" not in at_flow.text
    assert "Publishing lets callers hear machine drafts" in at_flow.text
    seen = {"seen": FlowVersion.objects.get().digest, "live": "0"}
    assert "Version 1 is published." in post(browser, "publish", line.pk, **seen), "told, not refused"

    working.mark_native_read(units=heard[:2], by="a reader", at=at)
    shown, row, at_flow = told()
    assert (told_unread(at_flow), told_unread(row)) == (1, 1)
    assert "Callers hear now" in at_flow.text
    working.mark_native_read(units=heard[2:], by="a reader", at=at)
    shown, row, at_flow = told()
    assert (at_flow, told_unread(row)) == (None, 0)


def test_words_of_the_lines_own_are_no_draft_that_awaits_a_reader(browser, line, user, at):
    drafted("greeting", at)
    drafted("goodbye", at)
    words = (("goodbye", "en", "Go well."), ("goodbye", "fr", "Allez bien."))
    plan = replace(plan_of(line), languages=(("1", "en"), ("2", "fr")), words=words)
    flows.draft_flow(line=line, plan=plan, by=user, at=at)

    told = BeautifulSoup(page(browser, line), "html.parser").find(id="unread")

    assert (told_unread(told), "In the draft" in told.text) == (1, False)
    flows.draft_flow(
        line=line, plan=replace(plan, duty_phone=""), by=user, at=at, seen=FlowVersion.objects.get().digest
    )
    told = BeautifulSoup(page(browser, line), "html.parser").find(id="unread")
    assert (told_unread(told), "In the draft" in told.text) == (1, True)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"takes_messages": False},
        {"takes_messages": False, "calls_back": False},
        {"expectation": "measured", "asks_wish": True},
        {"other_number": ""},
        {"languages": (("1", "rw"),)},
    ],
    ids=["usual", "no-messages", "neither", "more-is-said", "no-other-number", "one-language"],
)
def test_the_flow_and_the_prompts_of_the_line_count_the_same_and_mark_nothing_that_is_never_said(
    browser, line, user, at, changes
):
    Prompt.objects.update(text_rw="Amagambo")
    forget_lines()
    plan = {"languages": (("1", "en"), ("2", "fr"), ("4", "rw"))} | changes
    publish(line, user, at, **plan)
    line.refresh_from_db()

    of_flow = re.search(r"live line: (\d+) prompts are missing", page(browser, line))[1]
    answer = browser.get(reverse("hotline:prompts_in", args=[line.public_id, "rw"]))
    of_prompts = answer.content.decode()

    assert re.search(r"live line: (\d+) prompts are missing", of_prompts)[1] == of_flow
    marked = re.findall(
        r'<li id="([a-z0-9_]+)" class="prompt-row(?:(?!</li>).)*?missing</span>', of_prompts, re.DOTALL
    )
    gaps = unheard(["rw"], is_reachable=True, is_free=line.is_free, line_id=line.pk, plan=plan_now(line))
    assert sorted(marked) == sorted(key for key, _code in gaps)
    assert len(marked) == int(of_flow)


@pytest.mark.parametrize(("typed", "told"), [("12", "cannot be dialled"), ("2883", "cannot be dialled")])
def test_a_duty_phone_that_could_not_ring_is_refused_as_on_the_page_of_the_line(browser, line, typed, told):
    answer = edit(browser, line, duty_phone=typed)

    assert (answer.status_code, FlowVersion.objects.exists()) == (422, False)
    assert told in answer.content.decode()


def test_no_number_of_a_flow_leads_back_to_its_line(browser, line):
    Line.objects.filter(pk=line.pk).update(numbers="+231770009998 2883", number="2883")

    for changes in ({"duty_phone": "+231770009998"}, {"other_number": "2883"}):
        answer = edit(browser, line, **changes)
        assert (answer.status_code, FlowVersion.objects.exists()) == (422, False)
        assert "callers would go round in a circle" in answer.content.decode()


def test_the_flow_of_a_line_with_one_language_is_walked_once_for_all_that_it_may_get(line):
    plan = replace(plan_now(line), languages=(("3", "en"),))
    before = _walked.cache_info().misses
    needed = {needed_by(plan, code) for code in table.CODES if code != "en"}

    assert len(needed) == 1
    assert _walked.cache_info().misses - before <= 2  # its own, and that of all that all lines may say
