"""A right answer is corrected: tests are marked anew by events, marks rise and never fall, and people are told."""

import uuid

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter, User
from tests.training.answers import paper, right
from tests.training.finishing import finish
from training import actions, grading, progress, queries
from training.models import Certificate, Event, Question
from training.progress import Paper, Remark
from training.queries.regrading import regrading

OLD = grading.Item("q", "single", ("a", "b", "c"), right=("a",))
NEW = grading.Item("q", "single", ("c", "b", "a"), right=("b",))


def paper_of(*items):
    return Paper("p", items, grading.PassRule(1))


def test_only_answers_that_are_marked_otherwise_are_named():
    key = progress.key_of(NEW)

    assert progress.remarks(paper_of(OLD), {"q": "b"}, {"q": NEW}) == [Remark("q", key, 0, 1000)]
    assert progress.remarks(paper_of(OLD), {"q": "a"}, {"q": NEW}) == [Remark("q", key, 1000, 0)]
    assert progress.remarks(paper_of(OLD), {"q": "c"}, {"q": NEW}) == []
    assert progress.remarks(paper_of(OLD), {"q": None}, {"q": NEW}) == []


def test_an_answer_that_the_corrected_question_does_not_know_stays_as_it_was():
    without = grading.Item("q", "single", ("b", "c"), right=("b",))

    assert progress.remarks(paper_of(OLD), {"q": "a"}, {"q": without}) == []


def test_the_order_of_answers_is_no_other_key_but_that_of_steps_is():
    shuffled = grading.Item("q", "single", ("b", "a", "c"), right=("a",))
    steps, turned = (grading.Item("q", "order", order, right=order) for order in (("a", "b"), ("b", "a")))

    assert progress.key_of(shuffled) == progress.key_of(OLD)
    assert progress.key_of(steps) != progress.key_of(turned)


def test_points_rise_and_never_fall():
    assert progress.remarked({"q": 1000, "r": 0}, [Remark("q", "k", 1000, 0), Remark("r", "k", 0, 1000)]) == {
        "q": 1000,
        "r": 1000,
    }


def test_marked_anew_before_the_paper_arrived_is_the_same_in_the_end():
    papers = {"p": Paper("p", (OLD,), grading.PassRule(1))}
    sent = progress.Fact("1", "submitted", "t", "en", 5, {"attempt": "p", "answers": [{"item": "q", "response": "b"}]})
    anew = progress.Fact("2", "regraded", "t", "en", 9, {"attempt": "p", "item": "q", "points": 1000, "max": 1000})

    assert progress.summary(progress.fold([anew], papers), [progress.Version("v", ())], papers).passed_at is None
    found = progress.summary(progress.fold([anew, sent], papers), [progress.Version("v", ())], papers)
    assert (found.passed_at, found.best) == (5, 1)


OPTIONS = st.sampled_from("abc")


@given(
    st.lists(st.tuples(OPTIONS, OPTIONS, st.one_of(OPTIONS, st.none()), st.booleans()), min_size=1, max_size=6),
    st.integers(1, 6),
    st.integers(0, 6),
)
def test_the_preview_is_what_comes_of_it(drawn, minimum, marked_before):
    single = [
        [grading.Item(str(place), "single", ("a", "b", "c"), right=(key,)) for key in keys]
        for place, (*keys, _response, _critical) in enumerate(drawn)
    ]
    critical = tuple(str(place) for place, (*_rest, is_critical) in enumerate(drawn) if is_critical)
    rule = grading.PassRule(min(minimum, len(drawn)), critical)
    papers = {"p": Paper("p", tuple(old for old, _new in single), rule)}
    answers = {str(place): response for place, (*_keys, response, _critical) in enumerate(drawn)}
    told = [{"item": key, "response": response} for key, response in answers.items()]
    sent = progress.Fact("s", "submitted", "t", "en", 5, {"attempt": "p", "answers": told})
    found = progress.remarks(papers["p"], answers, {new.id: new for _old, new in single})
    anew = [
        progress.Fact(one.item, "regraded", "t", "en", 9,
                      {"attempt": "p", "item": one.item, "points": one.after, "max": 1000})
        for one in found
    ]  # fmt: skip
    before = progress.fold([sent, *anew[:marked_before]], papers)

    preview = progress.passes_anew(before["points"]["p"], found, rule)

    outcome = progress.summary(progress.fold([sent, *anew], papers), [progress.Version("v", ())], papers)
    assert preview == (outcome.passed_at is not None)


def take(enrolment, at, wrong):
    """Take the test with the last option of some questions, by their place, and the right answer else."""
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=at)
    answers = {key.removesuffix("-r"): value for key, value in right(attempt).items()}
    for item in queries.items_of(attempt)[:wrong]:
        answers[item.id] = next(option for option in reversed(item.options) if option not in item.right)
    actions.submit_attempt(attempt=attempt, responses=answers, language="fr", at=at)
    attempt.refresh_from_db()
    return attempt


def correct(course, at, *places):
    """Let the answer that `take` gives be the right one of some questions, and publish that as material."""
    for question in Question.objects.filter(course=course).order_by("position", "key"):
        body = question.body_en.get_prep_value()
        if places and question.position not in places:
            continue
        options = body[0]["value"]["options"]
        wrong = next(option for option in reversed(options) if not option["value"]["right"])
        for option in options:
            option["value"]["right"] = option is wrong
        question.body_en = Question._meta.get_field("body_en").to_python(body)
        question.go_live()
    actions.course_changed(course, by="test", at=at, material=queries.id_of_test(course, 2))


def first_two(course):
    """Return the places of the first two questions."""
    return Question.objects.filter(course=course).order_by("position").values_list("position", flat=True)[:2]


@pytest.fixture
def corrected(course, enrolment, at, later):
    """A test that was not passed by two questions, whose right answers are corrected afterwards."""
    attempt = take(enrolment, at, 2)
    assert not attempt.passed
    correct(course, later(60), *first_two(course))
    return attempt


def test_the_preview_says_who_would_pass_and_writes_nothing(sign_in, manager, official, course, corrected):
    html = sign_in(manager).get("/en/school/judicial/questions/anew/").content.decode()

    assert "Who would pass" in html
    assert "Mark 1 test anew" in html
    assert not Event.objects.filter(verb="regraded").exists()
    assert AuditEntry.objects.filter(verb="training.names_read").exists()


def test_marking_anew_gives_events_and_a_second_yes_gives_none(sign_in, manager, course, corrected, at):
    client = sign_in(manager)

    assert "A right answer was corrected after" in client.get("/en/school/questions/").content.decode()
    with time_machine.travel(at, tick=False):
        client.post("/en/school/judicial/questions/anew/")
        client.post("/en/school/judicial/questions/anew/")

    events = Event.objects.filter(verb="regraded")
    submitted = Event.objects.get(verb="submitted")
    assert events.count() == 2
    assert {event.by for event in events} == {str(manager.public_id)}
    assert AuditEntry.objects.filter(verb="training.answers_regraded").count() == 1
    for event in events:
        told = progress.read(event.payload)
        assert event.pk == uuid.uuid5(submitted.pk, f"{told['item']}/{told['key']}")
    assert regrading(manager, course).tests == 0
    assert list(actions.differences()) == []


def test_who_had_answered_as_is_right_now_passes_and_who_passed_keeps_it(
    client, sign_in, manager, person, countries, official, course, enrolment, at, later
):
    other = person("learner", country=countries["HT"], language="fr", name="Other, Haiti")
    hers = actions.enrol(learner=actions.learner_of(other), course=course, country="HT", at=at)
    failed, passed = take(enrolment, at, 2), take(hers, at, 0)
    correct(course, later(60), *first_two(course))

    found = regrading(manager, course)
    actions.regrade(course=course, by=manager, at=later(70))

    assert [one.attempt.pk for one in found.gaining] == [failed.pk]
    assert [one.attempt.pk for one in found.keeping] == [passed.pk]
    failed.refresh_from_db()
    passed.refresh_from_db()
    assert (failed.passed, failed.right) == (True, 6)
    assert (passed.passed, passed.right) == (True, 6)
    enrolment.progress.refresh_from_db()
    assert enrolment.progress.passed_at == failed.submitted_at
    html = sign_in(official).get(paper(failed, "en", "result/")).content.decode()
    assert "You have passed" in html
    assert "The right answers to 2 questions were corrected after you handed in." in html
    kept = sign_in(other).get(paper(passed, "en", "result/")).content.decode()
    assert kept.count("For you it stays right.") == 2


@pytest.mark.parametrize("wrong", [0, 1, 2, 4])
@pytest.mark.parametrize("places", [1, 2, 6])
def test_who_is_named_before_the_yes_is_who_passes_by_it(course, enrolment, manager, at, later, wrong, places):
    attempt = take(enrolment, at, wrong)
    had_passed = attempt.passed
    asked = Question.objects.filter(course=course).order_by("position").values_list("position", flat=True)
    correct(course, later(60), *asked[:places])

    found = regrading(manager, course)
    actions.regrade(course=course, by=manager, at=later(70))

    attempt.refresh_from_db()
    assert found.gain == len(found.gaining) == int(attempt.passed and not had_passed)
    assert found.keep == len(found.keeping)
    assert attempt.passed or not had_passed
    assert list(actions.differences()) == []


def test_by_the_corrected_keys_alone_fewer_are_right_and_yet_she_passes(course, enrolment, manager, at, later):
    attempt = take(enrolment, at, 2)
    correct(course, later(60))  # every question: the two that were wrong are right now, the other four stay right

    found = regrading(manager, course)
    actions.regrade(course=course, by=manager, at=later(70))

    attempt.refresh_from_db()
    assert [one.attempt for one in found.gaining] == [attempt]
    assert (attempt.passed, attempt.right) == (True, 6)


def test_a_pass_by_marking_anew_brings_the_certificate_where_the_course_is_finished(
    course, official, at, later, manager
):
    enrolment = finish(official, course, at, passed=False)
    take(enrolment, at, 2)
    correct(course, later(60), *first_two(course))
    assert not Certificate.objects.filter(kind="achievement").exists()

    actions.regrade(course=course, by=manager, at=later(70))

    assert Certificate.objects.filter(kind="achievement", learner=official.learner).exists()


def test_a_manager_marks_the_tests_of_her_own_country_only(person, countries, course, corrected, at, later):
    abroad = person("manager", country=countries["TN"])

    assert regrading(abroad, course).tests == 0
    assert actions.regrade(course=course, by=abroad, at=later(70)) == 0
    assert not Event.objects.filter(verb="regraded").exists()


@pytest.mark.parametrize("role", ["trainer", "analyst", "learner"])
def test_nobody_else_marks_anew(sign_in, person, countries, course, corrected, role):
    client = sign_in(person(role, country=countries["HT"]))

    assert client.post("/en/school/judicial/questions/anew/").status_code == 404


def test_a_test_that_was_set_aside_is_not_marked_anew(course, enrolment, manager, corrected, at, later):
    void = actions.Arrival(
        id=actions.uuid_of("00000000-0000-4000-8000-0000000000aa"), verb="voided",
        version=str(enrolment.version.public_id), language="fr", occurred_at=at,
        payload={"attempts": [str(corrected.public_id)], "events": [], "reason": "other"},
    )  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=[void], source="system", at=later(65))

    assert regrading(manager, course).tests == 0


def test_a_learner_marks_nothing_anew_herself(course, enrolment, corrected, at):
    sent = actions.Arrival(
        id=actions.uuid_of("00000000-0000-4000-8000-0000000000ab"), verb="regraded",
        activity=queries.id_of_test(course, 2), version=str(enrolment.version.public_id), language="fr",
        occurred_at=at, payload={"attempt": str(corrected.public_id), "points": 1000},
    )  # fmt: skip

    outcome = actions.record_events(learner=enrolment.learner, arrivals=[sent], source="web", at=at)[0]

    assert (outcome.status, outcome.reason) == ("rejected", "staff_only")


def test_one_who_had_passed_gains_no_pass(course, enrolment, manager, at, later):
    attempt = take(enrolment, at, 0)
    assert attempt.passed
    correct(course, later(60), *first_two(course))

    found = regrading(manager, course)

    assert (found.tests, found.gain, found.gaining, found.keep) == (1, 0, (), 1)


def test_whose_test_it_is_gets_a_letter_once_and_her_manager_reads_when(
    sign_in, manager, official, course, corrected, later
):
    User.objects.filter(pk=official.pk).update(language="en")

    actions.regrade(course=course, by=manager, at=later(90))
    actions.regrade(course=course, by=manager, at=later(91))

    letter = open_letter(Letter.objects.get(key__startswith="regraded:"))
    assert letter.to == official.email
    assert "The right answers to 2 questions were corrected after you handed in." in letter.text
    assert "You have passed" in letter.text
    assert f"/test/{corrected.public_id}/" in letter.text
    page = sign_in(manager).get(f"/en/reports/people/{official.learner.public_id}/").content.decode()
    assert "Answer marked anew: 25 November 2026" in page


def test_who_gains_nothing_by_it_gets_no_letter(manager, official, course, enrolment, at, later):
    take(enrolment, at, 0)
    correct(course, later(60), *first_two(course))

    actions.regrade(course=course, by=manager, at=later(90))

    assert not Letter.objects.filter(key__startswith="regraded:").exists()
