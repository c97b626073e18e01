"""Who is away and who takes a shift: one answer for the router and the proof, three people for a swap."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions
from hotline.actions import absences, swaps
from hotline.models import Absence, InterpreterProfile, OperatorState, Shift, Swap
from hotline.queries.board import board
from hotline.queries.duty import on_duty, roster_gaps, targets_now
from hotline.queries.holes import holes_near
from hotline.queries.lines import line_by_id
from hotline.queries.rosters import line_weeks, monday_of
from hotline.roster import left_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def away(user, at, first, last):
    return Absence.objects.create(user=user, starts_at=at + first * HOUR, ends_at=at + last * HOUR, made_at=at)


@pytest.fixture
def colleague(person, liberia):
    return person("operator", country=liberia, name="Colleague, Liberia")


@pytest.fixture
def shift(line, operator, at):
    """A shift of the operator tomorrow."""
    return Shift.objects.create(line=line, user=operator, starts_at=at + 24 * HOUR, ends_at=at + 32 * HOUR)


def test_what_is_left_of_a_shift_is_cut_where_its_person_is_away(at):
    def hours(*pairs):
        return [(at + first * HOUR, at + last * HOUR) for first, last in pairs]

    cut = [((2, 3),), ((0, 9),), ((-1, 1), (7, 9)), ((1, 3), (2, 4)), ((8, 9),), ((4, 5), (1, 2))]
    rest = [((0, 2), (3, 8)), (), ((1, 7),), ((0, 1), (4, 8)), ((0, 8),), ((0, 1), (2, 4), (5, 8))]

    assert [left_of(*hours((0, 8))[0], hours(*one)) for one in cut] == [hours(*one) for one in rest]


def test_router_and_proof_count_on_nobody_who_is_away(operator, line, at, django_assert_num_queries):
    """At each quarter of an hour what the proof tells is what the router would find."""
    away(operator, at, 1, 3)
    OperatorState.objects.filter(user=operator).update(seen_at=None)
    facts = line_by_id(line.pk)
    with django_assert_num_queries(1):
        targets_now(facts, "en", at)

    gaps = [gap for gap in roster_gaps(line, at, days=1) if gap.language == "en"]

    for minutes in range(0, 12 * 60, 15):
        now = at + dt.timedelta(minutes=minutes)
        told = [gap.kind for gap in gaps if gap.starts_at <= now < gap.ends_at]
        kind = targets_now(facts, "en", now).kind
        assert told == ([] if kind == "speaker" else [kind]), now
        assert bool(on_duty(line, now)) == (kind == "speaker")
    assert [(gap.starts_at, gap.ends_at) for gap in gaps][0] == (at + HOUR, at + 3 * HOUR)


def test_who_is_at_work_though_she_is_written_down_as_away_is_counted_on(operator, line, at):
    away(operator, at, -1, 3)
    OperatorState.objects.filter(user=operator).update(seen_at=at)

    assert targets_now(line_by_id(line.pk), "en", at).kind == "speaker"
    OperatorState.objects.filter(user=operator).update(seen_at=at - HOUR)
    assert targets_now(line_by_id(line.pk), "en", at).kind == "nobody"


def test_an_interpreter_counts_while_her_sign_off_is_in_date_and_her_telephone_can_ring(person, operator, line, at):
    """By the country's days, in the router and in the proof alike."""
    woman = person("interpreter", country=line.country, spoken="ar")
    Shift.objects.create(line=line, user=woman, duty="interpreter", starts_at=at - HOUR, ends_at=at + 47 * HOUR)
    Shift.objects.filter(user=operator).update(ends_at=at + 47 * HOUR)
    facts = line_by_id(line.pk)

    def kinds():
        gaps = [gap for gap in roster_gaps(line, at, days=2) if gap.language == "ar"]
        found = [targets_now(facts, "ar", at + hours * HOUR).kind for hours in range(0, 46, 2)]
        for hours, kind in zip(range(0, 46, 2), found, strict=True):
            now = at + hours * HOUR
            assert [gap.kind for gap in gaps if gap.starts_at <= now < gap.ends_at] == [kind], now
        return found

    OperatorState.objects.filter(user=operator).update(seen_at=None)
    assert set(kinds()) == {"other"}
    profile = InterpreterProfile.objects.create(user=woman, signed_until=at.date(), changed_at=at)
    assert set(kinds()) == {"other"}
    actions.set_telephone(user=woman, number="+231770123456", by=woman, at=at)
    OperatorState.objects.filter(user=woman).update(phone_verified_at=at, uses_phone=True)
    assert kinds() == ["interpreter"] * 7 + ["other"] * 16
    profile.signed_until = at.date() - dt.timedelta(days=1)
    profile.save()
    assert set(kinds()) == {"other"}


@pytest.mark.parametrize("sign_off", [None, -1])
def test_an_interpreter_whose_telephone_can_ring_is_not_counted_without_a_sign_off_in_date(
    person, operator, line, at, sign_off
):
    woman = person("interpreter", country=line.country, spoken="ar")
    Shift.objects.create(line=line, user=woman, duty="interpreter", starts_at=at - HOUR, ends_at=at + 4 * HOUR)
    actions.set_telephone(user=woman, number="+231770123456", by=woman, at=at)
    OperatorState.objects.filter(user=woman).update(phone_verified_at=at, uses_phone=True)
    facts = line_by_id(line.pk)
    profile = InterpreterProfile.objects.create(user=woman, signed_until=at.date(), changed_at=at)
    assert targets_now(facts, "ar", at).kind == "interpreter"

    profile.signed_until = sign_off and at.date() + dt.timedelta(days=sign_off)
    profile.save()

    gaps = [gap for gap in roster_gaps(line, at, days=1) if gap.language == "ar"]
    assert targets_now(facts, "ar", at).kind == "other"
    assert [gap.kind for gap in gaps if gap.starts_at <= at < gap.ends_at] == ["other"]


def test_another_countrys_absences_take_nobody_off_this_line(operator, person, haiti, line, at):
    away(person("operator", country=haiti), at, -1, 3)

    assert targets_now(line_by_id(line.pk), "en", at).kind == "speaker"


def test_a_swap_takes_three_people_and_then_the_shift_is_the_colleagues(shift, operator, colleague, supervisor, at):
    swap = swaps.ask_swap(shift=shift, to=colleague, by=operator, at=at)
    with pytest.raises(swaps.SwapRefused, match="changed"):
        swaps.decide_swap(swap=swap, approves=True, by=supervisor, at=at)
    swaps.answer_swap(swap=swap, agrees=True, by=colleague, at=at)
    shift.refresh_from_db()
    assert shift.user == operator

    swaps.decide_swap(swap=swap, approves=True, by=supervisor, at=at)

    shift.refresh_from_db()
    swap.refresh_from_db()
    assert (shift.user, swap.state) == (colleague, "approved")
    verbs = AuditEntry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["hotline.swap_asked", "hotline.swap_agreed", "hotline.swap_approved"]
    with pytest.raises(swaps.SwapRefused, match="changed"):
        swaps.decide_swap(swap=swap, approves=True, by=supervisor, at=at)


def test_nobody_answers_or_decides_for_another(shift, operator, colleague, supervisor, person, liberia, at):
    with pytest.raises(swaps.SwapRefused, match="changed"):
        swaps.ask_swap(shift=shift, to=operator, by=colleague, at=at)
    swap = swaps.ask_swap(shift=shift, to=supervisor, by=operator, at=at)
    with pytest.raises(swaps.SwapRefused, match="asked"):
        swaps.ask_swap(shift=shift, to=colleague, by=operator, at=at)
    for wrong in (
        lambda: swaps.answer_swap(swap=swap, agrees=True, by=operator, at=at),
        lambda: swaps.withdraw_swap(swap=swap, by=supervisor, at=at),
    ):
        with pytest.raises(swaps.SwapRefused, match="changed"):
            wrong()
    swaps.answer_swap(swap=swap, agrees=True, by=supervisor, at=at)
    with pytest.raises(swaps.SwapRefused, match="own"):
        swaps.decide_swap(swap=swap, approves=True, by=supervisor, at=at)


@pytest.mark.parametrize("why", ["begun", "role", "works", "away", "closed"])
def test_a_swap_is_refused_where_the_colleague_cannot_stand_there(shift, operator, colleague, supervisor, at, why):
    """Judged when it is asked, and again under the lock when it is approved."""
    swap = swaps.ask_swap(shift=shift, to=colleague, by=operator, at=at)
    swaps.answer_swap(swap=swap, agrees=True, by=colleague, at=at)
    now = at
    if why == "begun":
        now = at + 25 * HOUR
    elif why == "role":
        colleague.role_codes = ["learner"]
        colleague.save()
    elif why == "works":
        Shift.objects.create(line=shift.line, user=colleague, starts_at=at + 30 * HOUR, ends_at=at + 40 * HOUR)
    elif why == "away":
        away(colleague, at, 31, 40)
    else:
        colleague.is_active = False
        colleague.save()

    with pytest.raises(swaps.SwapRefused, match="role" if why == "closed" else why):
        swaps.decide_swap(swap=swap, approves=True, by=supervisor, at=now)

    shift.refresh_from_db()
    assert shift.user == operator


def test_a_person_writes_down_when_she_is_away_and_takes_it_back(desk, operator, now):
    page = reverse("hotline:my_shifts")
    wrong = desk.post(page, {"first": "2026-11-27", "last": "2026-11-26"})
    desk.post(page, {"first": "2026-11-26", "last": "2026-11-27"})
    row = Absence.objects.get()

    assert "The last day lies before the first." in wrong.content.decode()
    assert row.user == operator
    assert (row.starts_at, row.ends_at) == (
        dt.datetime(2026, 11, 26, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 28, tzinfo=dt.UTC),
    )
    assert "26 November 2026" in desk.get(page).content.decode()
    desk.post(reverse("hotline:end_own_absence", args=[row.pk]))
    assert not Absence.objects.exists()


def test_what_was_is_kept_when_an_absence_that_runs_is_taken_back(operator, at):
    row = away(operator, at, -1, 3)

    absences.end_absence(absence=row, by=operator, at=at)

    assert Absence.objects.get().ends_at == at


def test_nobody_takes_back_what_is_not_hers(sign_in, colleague, operator, person, haiti, now, at):
    row = away(operator, at, 1, 3)

    sign_in(colleague).post(reverse("hotline:end_own_absence", args=[row.pk]))
    assert sign_in(colleague).post(reverse("hotline:end_absence", args=[row.pk])).status_code == 404
    sign_in(person("supervisor", country=haiti)).post(reverse("hotline:end_absence", args=[row.pk]))

    assert Absence.objects.get() == row


def test_three_people_swap_a_shift_by_their_pages(sign_in, shift, operator, colleague, supervisor, line, at, now):
    asked = {"person": str(colleague.public_id)}
    assert sign_in(colleague).post(reverse("hotline:ask_swap", args=[shift.pk]), asked).status_code == 404
    browser = sign_in(operator)
    assert reverse("hotline:ask_swap", args=[shift.pk]) in browser.get(reverse("hotline:my_shifts")).content.decode()
    browser.post(reverse("hotline:ask_swap", args=[shift.pk]), asked)
    swap = Swap.objects.get()
    answer, decide = (reverse(f"hotline:{name}", args=[swap.pk]) for name in ("answer_swap", "decide_swap"))
    browser.post(answer, {"act": "agree"})
    assert browser.post(answer, {"act": "dance"}).status_code == 404

    page = sign_in(colleague).get(reverse("hotline:my_shifts")).content.decode()
    assert "asks you to take this shift" in page
    sign_in(colleague).post(answer, {"act": "agree"})
    assert sign_in(colleague).post(decide, {"act": "approve"}).status_code == 404
    browser = sign_in(supervisor)
    page = browser.get(reverse("hotline:absences")).content.decode()
    assert f'action="{decide}"' in page
    assert f'<b class="count">{1 + holes_near(line.country_id, at)[line.pk]}</b>' in page
    browser.post(decide, {"act": "approve"})

    shift.refresh_from_db()
    assert shift.user == colleague
    assert "No swap waits" in browser.get(reverse("hotline:absences")).content.decode()


def test_my_shifts_tell_where_i_am_away_and_to_whom_a_shift_is_offered(sign_in, shift, operator, colleague, at, now):
    browser, page = sign_in(operator), reverse("hotline:my_shifts")

    def row():
        found = BeautifulSoup(browser.get(page).content, "html.parser")
        [told] = [one for one in found.table.select("tbody tr") if f"{shift.starts_at:%-d} November" in one.text]
        return found, told

    _found, told = row()
    assert "away" not in told.text
    assert told.a["href"] == reverse("hotline:ask_swap", args=[shift.pk])
    away(operator, shift.starts_at, 1, 2)
    swaps.ask_swap(shift=shift, to=colleague, by=operator, at=at)

    found, told = row()
    assert "away" in told.text
    assert told.a.text == f"You asked {colleague.get_full_name()} to take this shift."
    assert found.select_one(f"{told.a['href']} button")["value"] == "withdraw"


def test_a_shift_bears_no_word_of_an_absence_that_was_ended_in_it_until_it_is_over(
    sign_in, operator, supervisor, line, at, now
):
    Shift.objects.all().delete()
    mine = Shift.objects.create(line=line, user=operator, starts_at=at - HOUR, ends_at=at + HOUR)
    today = away(operator, at, -2, 20)

    def marked():
        browser = sign_in(operator)
        own = browser.get(reverse("hotline:my_shifts")).content.decode()
        return [
            ">away<" in page for page in (own, sign_in(supervisor).get(reverse("hotline:roster")).content.decode())
        ]

    def is_away(now):
        [week] = line_weeks(supervisor, monday_of(mine.starts_at.date()), at=now)
        return [shift.is_away for day in week.days for shift in day.shifts]

    assert (marked(), is_away(at)) == ([True, True], [True])
    absences.end_absence(absence=today, by=operator, at=at)
    assert (marked(), is_away(at)) == ([False, False], [False])
    assert is_away(at + 2 * HOUR) == [True]
    away(operator, at + dt.timedelta(minutes=30), 0, 9)
    assert marked() == [True, True]


def test_a_supervisor_writes_down_who_is_away_and_the_roster_shows_it(sign_in, operator, supervisor, line, now):
    browser = sign_in(supervisor)
    days = {"first": "2026-11-25", "last": "2026-11-25"}

    browser.post(reverse("hotline:absences"), {"person": str(operator.public_id), **days})

    assert Absence.objects.get().user == operator
    assert ">away<" in browser.get(reverse("hotline:roster")).content.decode()
    assert "Operator, Liberia" in browser.get(reverse("hotline:absences")).content.decode()


def test_of_times_away_that_lie_in_one_another_one_is_kept_and_taken_back_it_leaves_none(operator, at):
    def noted(first, last):
        return absences.note_absence(
            user=operator, starts_at=at + first * HOUR, ends_at=at + last * HOUR, by=operator, at=at
        )

    short = noted(1, 5)
    for first, last in ((1, 5), (2, 3)):
        with pytest.raises(absences.AlreadyAway) as known:
            noted(first, last)
        assert known.value.absence == short
    beside = noted(5, 8)  # overlaps none: stays a time of its own

    longer = noted(0, 6)

    assert list(Absence.objects.all()) == [longer, beside]
    absences.end_absence(absence=longer, by=operator, at=at)
    assert list(Absence.objects.all()) == [beside]
    told = (
        AuditEntry.objects.filter(verb__startswith="hotline.absence_").order_by("seq").values_list("verb", flat=True)
    )
    noting, ending = "hotline.absence_noted", "hotline.absence_ended"
    assert list(told) == [noting, noting, ending, noting, ending]


def test_a_longer_time_takes_in_nobody_elses(operator, colleague, at):
    hers = away(colleague, at, 1, 3)

    absences.note_absence(user=operator, starts_at=at, ends_at=at + 9 * HOUR, by=operator, at=at)

    assert Absence.objects.filter(pk=hers.pk).exists()


def test_who_writes_down_what_stands_already_is_told_which_time_stands(desk, operator, now):
    page = reverse("hotline:my_shifts")
    desk.post(page, {"first": "2026-11-26", "last": "2026-11-28"})

    again = desk.post(page, {"first": "2026-11-27", "last": "2026-11-27"}, follow=True)

    told = [str(one) for one in again.context["messages"]]
    assert told[1:] == ["Nothing was written. First day away: 26 November 2026 · Back again: 29 November 2026"]
    assert Absence.objects.count() == 1


def test_the_board_counts_nobody_on_shift_who_is_away_and_shows_her_beside_the_roster_once_she_is_there(
    operator, colleague, supervisor, line, at
):
    for user in (operator, colleague):
        Shift.objects.create(line=line, user=user, starts_at=at - HOUR, ends_at=at + HOUR)
    OperatorState.objects.filter(user=operator).update(state="off", seen_at=None)
    away(operator, at, -1, 1)

    assert [one.user for one in board(supervisor, at=at).people] == [colleague]
    OperatorState.objects.filter(user=operator).update(state="ready", seen_at=at)
    assert {one.user: one.until for one in board(supervisor, at=at).people} == {colleague: at + HOUR, operator: None}
