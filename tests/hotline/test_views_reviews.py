"""The pages of quality reviews: an operator asks, reads and answers; a supervisor chooses and gives; nobody else sees them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry
from hotline.actions import reviews
from hotline.choices.reviews import CRITERIA
from hotline.models import Contact, Review
from tests.hotline.ended import grown_case  # noqa: F401 -- a fixture
from tests.hotline.reviewed import answered, asked, given
from tests.hotline.test_budget import statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
FORM = {f"mark_{code}": "met" for code in CRITERIA} | {"comment": "Ask about safety first."}


@pytest.fixture(name="contact")
def answered_contact(line, operator, at):
    """A call of the operator that is over."""
    return answered(line, operator, at)


def browser_of(user):
    """Return a browser of a person's own, signed in with the second factor."""
    browser = Client()
    browser.force_login(user, backend="accounts.sessions.AuthenticationBackend")
    session = browser.session
    session["demo_second_factor"] = True
    session.save()
    return browser


@pytest.fixture
def desk(operator):
    """The operator's browser, beside the supervisor's."""
    return browser_of(operator)


@pytest.fixture
def boss(supervisor):
    """The supervisor's browser."""
    return browser_of(supervisor)


def page(name, thing, language="en"):
    with translation.override(language):
        return reverse(f"hotline:{name}", args=[thing.public_id])


def shown(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_operator_asks_on_the_page_of_her_contact_and_takes_it_back(desk, contact):
    ask = page("ask_review", contact)
    assert ask in shown(desk, page("contact", contact))
    wrong = desk.post(ask, {"reason": "sample", "question": "He said “no”."})
    assert (wrong.status_code, Review.objects.exists()) == (422, False)
    assert "without quotation marks" in wrong.content.decode()

    said = desk.post(ask, {"reason": "unsure", "question": "Was it\r\nright?"}, follow=True).content.decode()

    review = Review.objects.get()
    assert "Asked for. You find the review here and on My shifts." in said
    assert "Was it<br>right?" in said
    assert page("own_review", review) in shown(desk, reverse("hotline:my_shifts"))
    said = desk.post(page("withdraw_review", review), follow=True).content.decode()
    assert "Nobody looks at it any more." in said
    assert "Taken back" in said
    assert "This changed meanwhile." in desk.post(page("withdraw_review", review), follow=True).content.decode()


def test_a_supervisor_gives_it_beside_the_record_and_the_operator_answers(desk, boss, contact, operator, at):
    review = asked(contact, operator, at, question="Was it right?")
    listed = shown(boss, reverse("hotline:reviews"))
    assert page("review", review) in listed
    said = shown(boss, page("review", review))
    assert all(
        words in said for words in ("Was it right?", "30 seconds", "Safety was asked about first", "Cannot be told")
    )
    short = boss.post(page("review", review), FORM | {"mark_safety": ""})
    assert (short.status_code, short.content.decode().count("Choose one of the four.")) == (
        422,
        2,
    )  # in the summary too

    boss.post(page("review", review), FORM)

    assert "No review waits." in shown(boss, reverse("hotline:reviews"))
    assert page("review", review) in shown(boss, reverse("hotline:reviews"))
    read = shown(desk, page("own_review", review))
    assert "Ask about safety first." in read
    assert read.count("Met") == len(CRITERIA)
    desk.post(page("own_review", review), {"answer": "I will."})
    assert "I will." in shown(boss, page("review", review))
    assert "This changed meanwhile." in desk.post(page("own_review", review), {}, follow=True).content.decode()
    assert "This changed meanwhile." in boss.post(page("review", review), FORM, follow=True).content.decode()
    assert AuditEntry.objects.filter(verb="hotline.contact_read").exists()


def test_a_supervisor_chooses_a_contact_and_the_operator_is_told_that_and_why(desk, boss, contact, operator):
    pick = page("pick_review", contact)
    assert pick in shown(boss, page("contact", contact))
    assert boss.post(pick, {"reason": "unsure", "person": str(operator.public_id)}).status_code == 422

    boss.post(pick, {"reason": "long_wait", "person": str(operator.public_id)})

    review = Review.objects.get()
    told = shown(desk, page("own_review", review))
    assert "Long wait, or handed over several times" in told
    assert review.asked_by.get_full_name() in told
    assert "take-back" not in told  # it is not hers to take back
    assert desk.post(page("withdraw_review", review)).status_code == 404
    assert "Taken back. Nobody looks at it any more." in boss.post(page("withdraw_review", review), follow=True).content.decode()  # fmt: skip


def test_other_operators_and_who_worked_on_it_find_nothing(boss, contact, operator, supervisor, person, liberia, at):  # fmt: skip
    review = asked(contact, operator, at)
    given(review, supervisor, at)
    colleague = browser_of(person("operator", country=liberia))

    assert 'id="review"' not in shown(colleague, page("contact", contact))
    for name, thing in (("own_review", review), ("ask_review", contact)):
        assert colleague.get(page(name, thing)).status_code == 404
    assert colleague.get(reverse("hotline:reviews")).status_code in (403, 404)
    Contact.objects.filter(pk=contact.pk).update(claimed_by=supervisor)
    assert boss.get(page("review", review)).status_code == 404
    assert boss.get(page("pick_review", contact)).status_code == 404
    assert contact.code not in shown(boss, reverse("hotline:reviews"))


def test_of_a_colleagues_case_the_supervisor_is_told_to_open_it_first(boss, contact, case, operator, at):
    review = asked(Contact.objects.get(pk=contact.pk), operator, at, question="Secret")

    answer = boss.get(page("review", review))

    assert answer.status_code == 409
    assert "This became a case." in answer.content.decode()
    assert "Secret" not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="sealed.revealed").exists()
    assert boss.get(page("pick_review", contact)).status_code == 404


def test_what_cannot_be_opened_is_said_and_the_rest_is_shown(desk, contact, operator, supervisor, at):
    review = asked(contact, operator, at, question="Mine")
    given(review, supervisor, at)
    broken = Review.objects.get(pk=review.pk)
    broken.question = broken.comment  # sealed for another column
    broken.save()

    said = shown(desk, page("own_review", review))

    assert "This cannot be opened" in said
    assert "Practice" in said


def test_it_stands_in_no_figures_and_no_file(boss, contact, operator, supervisor, at):
    given(asked(contact, operator, at), supervisor, at, comment="Well done.")
    figures = shown(boss, reverse("hotline:figures"))
    file = boss.post(reverse("hotline:export_log"), {"reason": "quality"}).content.decode()

    assert "Operator, Liberia" not in figures + file
    assert "Well done." not in figures + file


def test_in_arabic_every_page_opens(desk, boss, contact, operator, supervisor, at):
    review = asked(contact, operator, at)
    with translation.override("ar"):
        pages = [
            (desk, reverse("hotline:my_shifts")), (desk, reverse("hotline:own_review", args=[review.public_id])),
            (desk, reverse("hotline:ask_review", args=[contact.public_id])), (boss, reverse("hotline:reviews")),
            (boss, reverse("hotline:review", args=[review.public_id])),
            (boss, reverse("hotline:pick_review", args=[contact.public_id])),
        ]  # fmt: skip
    for browser, address in pages:
        assert 'dir="rtl"' in shown(browser, address)
    reviews.withdraw_review(review=review, by=operator, at=at)
    assert shown(desk, pages[1][1])


def test_lists_ask_as_much_for_many_as_for_two(desk, boss, line, operator, supervisor, at):
    pages = ((boss, reverse("hotline:reviews")), (desk, reverse("hotline:my_shifts")))
    empty = [len(statements(lambda b=browser, a=address: b.get(a))) for browser, address in (*pages, *pages)][2:]
    counts = []
    for many in (2, 8):
        for number in range(many):
            review = asked(answered(line, operator, at), operator, at)
            if number % 2:
                given(review, supervisor, at)
        counts.append([len(statements(lambda b=browser, a=address: b.get(a))) for browser, address in pages])

    assert counts == [[16, 18], [16, 18]]
    assert empty[1] == 18  # the list itself is one statement, whether it holds anything or not
