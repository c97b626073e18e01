"""Scenarios in editions, in the record and in the editor: what is taken, what is refused and why, what nobody loses."""

import re
import shutil
import uuid

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import AuditEntry
from cms import editors
from tests.training.pressing import press_again
from tests.training.stories import STORY, changed
from tests.training.test_wagtail_hooks import typed
from training import actions, exchange, progress
from training.actions.courses import CONTENT
from training.choices import Source, Verb
from training.models import BrokenScenario, Compiled, Course, CourseVersion, Event, Progress, Scenario

PLAY = "5b1f7a52-0000-4000-8000-000000000001"


@pytest.fixture
def story(story_once, course):
    """The story, published in the judicial course."""
    return Scenario.objects.get(pk=story_once)


@pytest.fixture
def newest(story):
    """A function that returns the newest edition for Haiti, as a value."""

    def read():
        version = CourseVersion.objects.filter(country="HT").order_by("-number").first()
        return progress.version_of(str(version.public_id), version.body)

    return read


@pytest.fixture
def send(official, newest, at):
    """Send one event about the story as a page with script does; return what became of it."""

    def go(verb=Verb.CHOSE, activity=None, **payload):
        version = newest()
        activity = activity or version.scenarios[0]
        whole = (
            payload if "screen" in payload else {"play": PLAY, "graph": activity.graph_id, "path": ["look"]} | payload
        )
        arrival = actions.Arrival(
            id=uuid.uuid4(), verb=verb, activity=activity.id, version=version.id, language="fr", occurred_at=at,
            payload=whole, device=uuid.uuid4(), seq=1,
        )  # fmt: skip
        learner = actions.learner_of(official)
        return actions.record_events(learner=learner, arrivals=[arrival], source=Source.WEB, at=at)[0]

    return go


def test_an_edition_holds_the_graph_without_words(newest, story):
    (activity,) = newest().scenarios

    assert activity.id == str(story.activity)
    assert [node.key for node in activity.graph.nodes] == sorted(node["key"] for node in STORY["nodes"])
    assert all(not node.text for node in activity.graph.nodes)


@pytest.mark.parametrize(
    "payload",
    [
        {"path": []}, {"path": ["nonsense"]}, {"path": ["look", "wait"]}, {"path": ["look", "care", "look"]},
        {"path": "look"}, {"path": [["look"]]}, {"path": [None]}, {"path": ["family", "again"] * 61}, {"graph": "0" * 12},
        {"graph": None}, {"play": ""}, {"play": "x" * 36}, {"play": 7}, {"more": 1},
    ],
)  # fmt: skip
def test_a_path_that_cannot_be_walked_is_refused_and_leaves_nothing(send, payload):
    outcome = send(**payload)

    assert (outcome.status, str(outcome.reason)) == ("rejected", "payload_invalid")
    assert Event.objects.count() == 0


def test_a_scenario_is_not_ended_by_reading_and_a_lesson_not_by_choosing(send, newest):
    assert send(Verb.REACHED, screen="end").reason == "payload_invalid"
    assert send(activity=newest().lessons[0]).reason == "payload_invalid"
    assert Event.objects.count() == 0


def test_a_whole_path_is_accepted_and_the_fold_proves_it(send, story):
    assert send(path=["family", "again", "look", "care"]).status == "accepted"

    assert progress.read(Progress.objects.get().state)["ended"].keys() == {str(story.activity)}
    assert list(actions.differences()) == []


def test_a_material_rewriting_raises_the_number_of_the_scenario_only(course, newest, at):
    before = {one.id: one.material for one in newest().activities}
    story = Scenario.objects.get(key="small-file")
    body = exchange.node_blocks(course.key, changed(lambda s, n: n["a1"].update(text="The law changed.")))
    with actions.as_one_edition(by="test", at=at):
        story.nodes_en = story._meta.get_field("nodes_en").to_python(body)
        story.save_revision().publish()
        actions.course_changed(course, by="test", at=at, material=str(story.activity))
    after = {one.id: one.material for one in newest().activities}

    assert {key for key in after if after[key] > before[key]} == {str(story.activity)}


def test_a_scenario_that_is_taken_off_leaves_the_edition_and_the_rows_of_readers(newest, story):
    assert Compiled.objects.filter(part=f"s{story.pk}").exists()

    story.unpublish()

    assert newest().scenarios == ()
    assert not Compiled.objects.filter(part=f"s{story.pk}").exists()


def test_what_cannot_be_played_is_published_by_no_road(course, story):
    story.nodes_en = story._meta.get_field("nodes_en").to_python(story.nodes_en.get_prep_value()[:-1])
    revision = story.save_revision(clean=False)

    with pytest.raises(BrokenScenario, match="small-file"):
        revision.publish()

    assert len(Scenario.objects.get(pk=story.pk).nodes_en) == len(STORY["nodes"])


@pytest.fixture
def folder(tmp_path):
    """A course folder with the story in it, and a function that reads a change of it."""
    where = tmp_path / "judicial"
    shutil.copytree(CONTENT / "judicial", where)
    return where


@pytest.fixture
def editor(person, countries, sign_in):
    """A client signed in as a manager of Haiti."""
    editors.grant()
    user = person("manager", country=countries["HT"], is_staff=True)
    user.groups.add(Group.objects.get(name="manager"))
    return sign_in(user)


def edit(client, story, nodes, **more):
    """Send the editor's form of the story with other scenes."""
    url = reverse("wagtailsnippets_training_scenario:edit", args=[story.pk])
    fields = {key: value for key, value in typed(client.get(url)).items() if not key.startswith("nodes_en-")}
    fields |= {"nodes_en-count": str(len(nodes)), "change": "minor"}
    for place, block in enumerate(nodes):
        begin = f"nodes_en-{place}"
        fields |= {
            f"{begin}-type": block["type"],
            f"{begin}-id": block["id"],
            f"{begin}-order": str(place),
            f"{begin}-deleted": "",
        }
        for name, value in block["value"].items():
            if name != "choices":
                fields[f"{begin}-value-{name}"] = value
                continue
            fields[f"{begin}-value-choices-count"] = str(len(value))
            for number, item in enumerate(value):
                item_at = f"{begin}-value-choices-{number}"
                fields |= {f"{item_at}-id": item["id"], f"{item_at}-order": str(number), f"{item_at}-deleted": ""}
                fields |= {f"{item_at}-value-{key}": str(one) for key, one in item["value"].items()}
    return press_again(client, client.post(url, fields | more))


def test_the_editor_publishes_a_story_and_names_the_node_of_each_fault(editor, story, course):
    whole = exchange.node_blocks(course.key, changed(lambda s, n: n["a1"].update(text="Where does she sleep?")))
    broken = exchange.node_blocks(course.key, changed(lambda s, n: n["a1y"]["choices"][0].update(to="nowhere")))

    refused = edit(editor, story, broken, **{"action-publish": "1"})
    told = " ".join(refused.context["form"].errors["nodes_en"])
    assert "In “a1y” the choice “move” leads to “nowhere”, which does not exist. The way there: a0 → a1 → a1y." in told
    assert Scenario.objects.get(pk=story.pk).graph.by_key["a1y"].choices[0].to == "e2"

    assert edit(editor, story, broken).status_code == 302
    assert edit(editor, story, whole, **{"action-publish": "1", "change": "material"}).status_code == 302
    stored = Scenario.objects.get(pk=story.pk)
    assert stored.graph.by_key["a1"].text == "Where does she sleep?"
    assert stored.graph.by_key["a0"].choices[0].marks == (1, 0, 2)


def test_another_end_is_material_and_less_needs_a_reason(editor, story, course):
    other = exchange.node_blocks(course.key, changed(lambda s, n: n["e2"].update(outcome="sound")))
    publish_it = {"action-publish": "1", "change": "minor"}

    refused = edit(editor, story, other, **publish_it)
    stands = Scenario.objects.get(pk=story.pk).graph.by_key["e2"].outcome
    taken = edit(editor, story, other, **publish_it, lowered_because="slip")

    told = " ".join(refused.context["form"].errors["change"])
    assert "Proposed: Material" in told
    assert "how the story can end, changes" in told
    assert stands == "partial"
    assert taken.status_code == 302
    assert Scenario.objects.get(pk=story.pk).graph.by_key["e2"].outcome == "sound"
    assert '"because":"slip"' in AuditEntry.objects.get(verb="training.change_lowered").body


def test_what_publishing_a_story_does_is_shown_before(editor, story):
    story.minutes = 17
    story.nodes_en = story.nodes_en.get_prep_value()[:-1] + changed_end(story)
    story.save_revision()

    page = editor.get(reverse("training:publishing", args=["scenario", story.pk])).content.decode()

    assert "how the story can end, changes" in page
    assert "She is safe elsewhere." in re.sub(r"</?(?:ins|del|b)[^>]*>", "", page)


def changed_end(story):
    """Return the last end with other words and another outcome."""
    last = story.nodes_en.get_prep_value()[-1]
    return [last | {"value": last["value"] | {"text": "She is safe elsewhere.", "outcome": "lost"}}]


def test_a_played_scenario_is_not_deleted_and_how_to_retire_it_is_said(editor, story):
    answer = editor.post(reverse("wagtailsnippets_training_scenario:delete", args=[story.pk]), follow=True)

    assert "To retire one, open it and unpublish it" in answer.content.decode()
    assert Scenario.objects.filter(pk=story.pk).exists()
    assert Course.objects.filter(key="judicial").exists()


@pytest.mark.parametrize("is_own", [True, False])
def test_a_lesson_leads_to_scenarios_of_its_own_course_only(editor, story, course, lessons, is_own):
    if not is_own:
        page = Course(title="Other", slug="other", key="other", heading_en="Other", summary_en="Other")
        course.get_parent().specific.add_child(instance=page)
        Scenario.objects.filter(pk=story.pk).update(course=page)
    url = reverse("wagtailadmin_pages:edit", args=[lessons[0].pk])
    fields = {key: value for key, value in typed(editor.get(url)).items() if not key.startswith("body_en-")}
    fields |= {"body_en-count": "1", "body_en-0-type": "scenario", "body_en-0-order": "0", "body_en-0-deleted": ""}
    fields |= {
        "body_en-0-value-scenario": str(story.pk),
        "body_en-0-id": "",
        "action-publish": "1",
        "change": "material",
    }
    fields |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}

    answer = press_again(editor, editor.post(url, fields))

    told = answer.context["form"].errors["body_en"] if answer.status_code == 200 else []
    assert (answer.status_code == 302) is is_own
    assert is_own or "“A small file” is a scenario of another course." in " ".join(told)
