"""Quality reviews: who may ask for one and give it, what stands sealed in it, what goes with its contact, who sees it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from accounts.rules import allowed
from hotline.actions import reviews
from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import shield_contact
from hotline.choices.reviews import CRITERIA, Mark
from hotline.models import Contact, ContactEvent, Leg, Review
from hotline.queries.retention import holding_of, left_behind
from hotline.queries.reviews import judged, operators_of, record_of, reviews_for, reviews_of_work, reviews_on
from hotline.rules import RULES
from tests.hotline.ended import DAYS, erase, grown_case  # noqa: F401 -- a fixture
from tests.hotline.reviewed import MARKS, answered, asked, given

pytestmark = pytest.mark.django_db


@pytest.fixture(name="contact")
def answered_contact(line, operator, at):
    """A call of the operator that is over."""
    return answered(line, operator, at)


def test_a_review_goes_from_asked_to_given_to_seen_on_record_and_its_words_are_sealed(
    contact, operator, supervisor, at
):
    review = asked(contact, operator, at, question="Was it right to wait?")
    given(review, supervisor, at, comment="It was.")
    review.refresh_from_db()
    reviews.see_review(review=review, answer="Good to know.", by=operator, at=at + 2 * DAYS)

    review.refresh_from_db()
    assert (review.state, review.reviewed_by, review.seen_at) == ("seen", supervisor, at + 2 * DAYS)
    assert {code: one.mark for code, one in zip(CRITERIA, judged(review), strict=True)}["safety"] == "Met"
    raw = [str(getattr(review, field).raw) for field in ("question", "comment", "answer")]
    assert not any(word in text for text in raw for word in ("wait", "It was", "Good"))
    read = reviews.read_reviews(review=review, by=operator, at=at)
    assert read == {"question": "Was it right to wait?", "comment": "It was.", "answer": "Good to know."}
    acts = AuditEntry.objects.filter(verb__startswith="hotline.review").order_by("seq").values_list("verb", "actor")
    assert [(verb.partition("_")[2], who) for verb, who in acts] == [
        ("asked", str(operator.public_id)), ("given", str(supervisor.public_id)), ("seen", str(operator.public_id)),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="sealed.revealed").count() == 3
    assert not AuditEntry.objects.filter(body__contains="met").exists()  # how it was judged stands in the review alone


def test_no_timeline_tells_of_it_for_every_operator_reads_those(contact, operator, supervisor, at):
    before = ContactEvent.objects.count()

    given(asked(contact, operator, at), supervisor, at)

    assert ContactEvent.objects.count() == before


def test_an_operator_asks_only_for_what_she_worked_on(contact, operator, person, liberia, supervisor, at):
    colleague = person("operator", country=liberia)

    assert not allowed(colleague, RULES, "ask_review", contact)
    assert allowed(operator, RULES, "ask_review", contact)
    for by, whom, reason in (
        (colleague, colleague, "learn"),  # not hers
        (colleague, operator, "sample"),  # nor may she choose another's
        (operator, operator, "complaint"),  # a reason of supervisors
        (supervisor, operator, "learn"),  # and of operators
        (supervisor, colleague, "sample"),  # whose work it is not
    ):
        with pytest.raises(reviews.NotReviewable):
            reviews.ask_review(contact=contact, operator=whom, reason=reason, by=by, at=at)
    assert not Review.objects.exists()


@pytest.mark.parametrize("how", ["claimed", "leg", "text", "called_back"])
def test_whoever_worked_on_it_may_not_review_it(line, operator, supervisor, at, how):
    row = answered(line, operator, at)
    assert allowed(supervisor, RULES, "review_contact", row)
    if how == "claimed":
        Contact.objects.filter(pk=row.pk).update(claimed_by=supervisor)
    elif how == "leg":
        Leg.objects.create(
            contact=row, role="operator", user=supervisor, account="AC1", label="op1", made_at=at, joined_at=at
        )
    else:
        kind = {"text": "answer_claimed", "called_back": "call_back_begun"}[how]
        ContactEvent.objects.create(contact=row, at=at, kind=kind, by=str(supervisor.public_id))
    row.refresh_from_db()

    assert not allowed(supervisor, RULES, "review_contact", row)
    assert allowed(supervisor, RULES, "ask_review", row)  # as whoever works at the desk she may ask herself
    review = Review.objects.create(contact=row, operator=operator, reason="learn", asked_by=operator, asked_at=at)
    assert review not in reviews_for(supervisor)
    with pytest.raises(reviews.NotReviewable):
        given(review, supervisor, at)
    assert supervisor in operators_of(row)


def test_a_telephone_that_rang_and_was_not_taken_is_no_work(contact, supervisor, at):
    Leg.objects.create(contact=contact, role="operator", user=supervisor, account="AC1", label="op1", made_at=at)

    assert allowed(supervisor, RULES, "review_contact", contact)
    assert supervisor not in operators_of(contact)


def test_not_while_the_call_goes_on_nor_once_it_is_erased(contact, operator, supervisor, at):
    for values in ({"ended_at": None, "state": "talking"}, {"erased_at": at}):
        Contact.objects.filter(pk=contact.pk).update(ended_at=at, erased_at=None, state="done")
        Contact.objects.filter(pk=contact.pk).update(**values)
        contact.refresh_from_db()
        assert not allowed(operator, RULES, "ask_review", contact)
        assert not allowed(supervisor, RULES, "review_contact", contact)
        with pytest.raises(reviews.NotReviewable):
            asked(contact, operator, at)


def test_what_is_hidden_from_a_supervisor_or_of_another_country_is_not_hers(contact, operator, person, liberia, at):
    hidden, free, foreign = (
        person("supervisor", country=liberia), person("supervisor", country=liberia), person("supervisor"),
    )  # fmt: skip
    review = asked(contact, operator, at)
    shield_contact(contact=contact, by=free, at=at, user=hidden)
    shield_contact(contact=contact, by=free, at=at, user=operator)
    contact.refresh_from_db()

    assert [review in reviews_for(one) for one in (hidden, free, foreign, operator)] == [False, True, False, False]
    assert review not in reviews_of_work(operator)
    for one, refusal in ((hidden, NamesHer), (foreign, reviews.NotReviewable)):
        with pytest.raises(refusal):
            given(review, one, at)
    given(review, free, at)


def test_of_a_case_that_she_may_not_read_she_gives_none(contact, case, operator, supervisor, at):
    contact.refresh_from_db()

    assert not allowed(supervisor, RULES, "review_contact", contact)
    review = asked(contact, operator, at)  # whose work it is asks all the same
    assert review in reviews_for(supervisor)
    with pytest.raises(reviews.NotReviewable):
        given(review, supervisor, at)
    case.accesses.create(
        user=supervisor, reason="Review", opened_at=at, ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    )
    given(review, supervisor, at)


def test_asked_twice_it_is_one_and_after_it_was_given_another(contact, operator, supervisor, at):
    first = asked(contact, operator, at)

    assert asked(contact, operator, at) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(contact=contact, operator=operator, reason="learn", asked_by=operator, asked_at=at)
    given(first, supervisor, at)
    assert asked(contact, operator, at) != first


def test_it_is_taken_back_by_whoever_asked_and_only_before_it_is_given(contact, operator, supervisor, at):
    review = asked(contact, operator, at, question="Mine")
    with pytest.raises(reviews.ReviewMoved):
        reviews.withdraw_review(review=review, by=supervisor, at=at)
    reviews.withdraw_review(review=review, by=operator, at=at)
    review.refresh_from_db()
    assert (review.state, review.question) == ("withdrawn", None)
    with pytest.raises(reviews.ReviewMoved):
        given(review, supervisor, at)

    picked = reviews.ask_review(contact=contact, operator=operator, reason="sample", by=supervisor, at=at)
    given(picked, supervisor, at)
    with pytest.raises(reviews.ReviewMoved):
        given(picked, supervisor, at)
    with pytest.raises(reviews.ReviewMoved):
        reviews.withdraw_review(review=picked, by=supervisor, at=at)
    with pytest.raises(reviews.ReviewMoved):
        reviews.see_review(review=picked, answer="", by=supervisor, at=at)  # nobody says it for her


def test_a_state_stands_with_its_instants_alone(contact, operator, at):
    review = asked(contact, operator, at)

    for values in (
        {"state": "reviewed"},
        {"state": "seen", "seen_at": at},
        {"reviewed_at": at},
        {"state": "withdrawn"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**values)


@pytest.mark.parametrize("text", ["She said “help”.", "x" * 301])
def test_quotations_and_long_words_are_refused(contact, operator, at, text):
    with pytest.raises(reviews.WordsRefused):
        asked(contact, operator, at, question=text)
    assert not Review.objects.exists()


def test_every_criterion_is_judged_and_a_later_one_counts_as_not_told(contact, operator, supervisor, at):
    review = asked(contact, operator, at)
    with pytest.raises(KeyError):
        given(review, supervisor, at, marks={"safety": "met"})
    with pytest.raises(ValueError, match="good"):
        given(review, supervisor, at, marks=MARKS | {"safety": "good"})

    given(review, supervisor, at)
    review.refresh_from_db()
    review.marks.pop("closing")

    assert [one.mark for one in judged(review) if one.code == "closing"] == [Mark.UNTOLD.label]


def test_erasing_a_contact_erases_its_reviews(contact, operator, supervisor, at):
    given(asked(contact, operator, at, question="Mine"), supervisor, at)
    assert holding_of(contact).reviews == 1

    erase(contact, supervisor, at)

    assert not Review.objects.exists()
    Review.objects.create(contact=contact, operator=operator, reason="learn", asked_by=operator, asked_at=at)
    assert left_behind().filter(pk=contact.pk, is_sealed=True).exists()


def test_a_review_that_went_with_its_contact_is_given_no_more(contact, operator, supervisor, at):
    review = asked(contact, operator, at)
    erase(contact, supervisor, at)

    with pytest.raises(reviews.ReviewMoved):
        given(review, supervisor, at)


def test_who_sees_which_reviews_of_a_contact(contact, operator, person, liberia, supervisor, at):
    review = asked(contact, operator, at)
    colleague = person("operator", country=liberia)
    manager, interpreter = person("manager", country=liberia), person("interpreter", country=liberia)

    assert reviews_on(operator, contact) == reviews_on(supervisor, contact) == [review]
    Contact.objects.filter(pk=contact.pk).update(claimed_by=None)  # as a conversation by text is once it is closed
    assert list(reviews_for(supervisor)) == [review]
    for other in (colleague, manager, interpreter):
        assert not reviews_on(other, contact)
        assert not reviews_for(other).exists()
        assert not reviews_of_work(other).exists()


def test_the_record_tells_times_hand_overs_and_which_question_came_first(contact, at):
    for number, (kind, detail) in enumerate(
        [("held", {}), ("taken_over", {}), ("sheet_saved", {"question": "note"}), ("sheet_saved", {"question": "age"}),
         ("sheet_saved", {"question": "safe_now"})]
    ):  # fmt: skip
        ContactEvent.objects.create(contact=contact, at=at + dt.timedelta(seconds=number), kind=kind, detail=detail)

    shown = dict(record_of(contact))

    assert (shown["Waited"], shown["In conversation"]) == ("30 seconds", "5 minutes")
    assert (shown["Times on hold"], shown["Times handed over"]) == ("1", "1")
    assert shown["First question answered on the sheet"] == "Age in years"
    assert shown["Who worked on it"] == "Operator, Liberia"
