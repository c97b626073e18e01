"""The journeys of the demo lead to the very pages their steps speak of."""

import pytest
from django.urls import reverse

from accounts.models import User
from cms import journeys
from cms.models import FrontPage
from referral import actions
from training.models import Course, Curriculum, Lesson, Module

pytestmark = pytest.mark.django_db


def edit_steps():
    return {step.words: step for step in journeys.journeys()[2].steps}


def test_without_a_course_or_pathway_the_edit_begins_at_the_editors_front():
    steps = edit_steps()

    assert steps["Edit a lesson in the editor and publish it."].url == reverse("wagtailadmin_home")
    assert steps["Sign the pathway as the second manager."].url == reverse("wagtailadmin_home")


def test_both_managers_are_led_to_liberias_pathway(liberia, editor, at):
    pathway = actions.load_seed("liberia-nrm", by="installation", at=at)

    steps = edit_steps()

    urls = {steps[words].url for words in steps if "pathway" in words}
    assert urls == {reverse("pathways:detail", args=[pathway.pk])}
    assert editor.get(urls.pop()).status_code == 200


def test_the_first_lesson_of_the_course_for_courts_opens_in_the_editor(root, editor):
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    curriculum = front.add_child(instance=Curriculum(title="Courts", heading_en="Courts"))
    course = curriculum.add_child(
        instance=Course(title="Judicial", key="judicial", heading_en="Judicial", summary_en="Eight lessons.")
    )
    module = course.add_child(instance=Module(title="One", heading_en="One"))
    first, _second = [
        module.add_child(instance=Lesson(title=title, heading_en=title, aim_en="Aim")) for title in ("First", "Second")
    ]

    step = edit_steps()["Edit a lesson in the editor and publish it."]

    assert step.url == reverse("wagtailadmin_pages:edit", args=[first.pk])
    page = editor.get(step.url)
    assert page.status_code == 200


def test_the_list_of_people_names_whoever_walks_a_journey(person, liberia):
    staff, learner = person("supervisor", country=liberia), person("learner", country=liberia)
    walker = person("learner", country=liberia)
    for user, email in ((staff, "supervisor.lr@example.org"), (learner, "learner9.lr@example.org"),
                        (walker, "learner4.lr@example.org")):  # fmt: skip
        User.objects.filter(pk=user.pk).update(email=email)

    assert [one.email for one in journeys.people()] == ["supervisor.lr@example.org", "learner4.lr@example.org"]


@pytest.mark.parametrize(
    ("host", "beside"),
    [("127.0.0.1:8000", "http://localhost:8000"), ("localhost", "http://127.0.0.1"), ("testserver", "")],
)
def test_the_supervisor_of_a_call_for_four_is_under_the_other_name_of_the_machine(client, settings, host, beside):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = [host.partition(":")[0]]

    page = client.get("/en/demo/", headers={"host": host}).content.decode()

    assert f'href="{beside}{reverse("accounts:demo_people")}?next=%2Fen%2Fconsole%2Fboard%2F"' in page
    assert page.count('<section class="card stack"') == len(journeys.journeys()) == 4
