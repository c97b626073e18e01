"""A refresher opens the lesson with what changed marked, also where she was moved to the newest edition meanwhile."""

import re
import uuid

import pytest
from bs4 import BeautifulSoup

from tests.training.answers import address
from tests.training.finishing import finish
from training import actions
from training.models import Content, CourseVersion


@pytest.fixture
def read(official, course, at):
    """The enrolment of an official who read every lesson."""
    return finish(official, course, at, passed=False)


def change(lesson, place, at):
    """Let a text of a lesson say something else, as a material change; return its screen."""
    body = lesson.body_en.get_prep_value()
    texts = [block for block in body if block["type"] == "text"]
    texts[place]["value"]["html"] += "<p>One more sentence.</p>"
    lesson.body_en = lesson._meta.get_field("body_en").to_python(body)
    lesson.change = "material"
    lesson.save_revision().publish()
    return texts[place]


def marked(html):
    """Return the screens that stand below a mark."""
    return [part.split('id="s-', 1)[1].split('"', 1)[0] for part in html.split("Changed since you read it")[1:]]


def test_only_what_changed_is_marked_and_listed_above(client, sign_in, official, course, lessons, read, at):
    screen = change(lessons[1], 0, at)
    sign_in(official)

    html = client.get(address(lessons[1])).content.decode()

    assert marked(html) == [screen["id"]]
    assert "1 part of this lesson has changed since you read it." in html
    assert f'<a href="#s-{screen["id"]}">{screen["value"]["heading"]}' in html
    assert "has changed since you read it" not in client.get(address(lessons[0])).content.decode()


def test_what_the_editor_writes_beside_the_words_is_no_change(client, sign_in, official, course, lessons, read, at):
    lesson, body = lessons[1], lessons[1].body_en.get_prep_value()
    for place, block in enumerate(block for block in body if block["type"] == "text"):
        block["value"]["html"] = block["value"]["html"].replace("<p>", f'<p data-block-key="k{place}ab">')
    lesson.body_en = lesson._meta.get_field("body_en").to_python(body)
    screen = change(lesson, 0, at)
    sign_in(official)

    html = client.get(address(lesson)).content.decode()

    assert "data-block-key" in str(lesson.body_en.get_prep_value())
    assert "data-block-key" not in "".join(Content.objects.values_list("body", flat=True))
    assert marked(html) == [screen["id"]]


def test_what_was_put_in_anew_in_the_same_words_is_no_change(client, sign_in, official, lessons, read, at):
    lesson, body = lessons[1], lessons[1].body_en.get_prep_value()
    for block in body:
        block["id"] = str(uuid.uuid4())
    lesson.body_en = lesson._meta.get_field("body_en").to_python(body)
    screen = change(lesson, 0, at)
    sign_in(official)

    html = client.get(address(lesson)).content.decode()

    assert marked(html) == [screen["id"]]
    assert "1 part of this lesson has changed since you read it." in html


def test_a_move_reads_nothing_and_reading_ends_it(client, sign_in, official, course, lessons, read, at):
    change(lessons[1], 0, at)
    actions.move_to_newest(enrolment=read, language="en", at=at)
    sign_in(official)

    page = client.get(address(course)).content.decode()
    assert page.count("Changed: read it again") == 1
    assert marked(client.get(address(lessons[1])).content.decode())
    html = client.get(address(lessons[1])).content.decode()
    token = html.split('name="token" value="')[-1].split('"')[0]
    client.post(address(lessons[1]), {"token": token})

    assert "Changed: read it again" not in client.get(address(course)).content.decode()
    assert not marked(client.get(address(lessons[1])).content.decode())


def test_a_visitor_and_who_did_not_read_it_see_no_mark(client, sign_in, person, countries, course, lessons, read, at):
    change(lessons[1], 0, at)

    assert not marked(client.get(address(lessons[1])).content.decode())
    sign_in(person("learner", country=countries["HT"]))
    assert not marked(client.get(address(lessons[1])).content.decode())


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_changed_text_that_is_not_translated_yet_stands_there_in_english_too(client, lessons, course, at, language):
    before = client.get(address(lessons[1], language)).content.decode()
    change(lessons[1], 0, at)

    html = client.get(address(lessons[1], language)).content.decode()

    assert "One more sentence." not in before
    assert html.count('class="prose in-source" lang="en" dir="ltr"') == 1
    assert "<p>One more sentence.</p>" in html
    assert "in-source" not in client.get(address(lessons[1])).content.decode()


def in_source(html):
    """Return what stands in English below what it belongs to: the screen that comes before it, "" for the lesson's own."""
    parts = html.split('class="prose in-source" lang="en" dir="ltr">')
    before = [part.rpartition('id="s-')[2].split('"', 1)[0] if 'id="s-' in part else "" for part in parts[:-1]]
    return list(zip(before, (part.split("</div>", 1)[0] for part in parts[1:]), strict=True))


def change_a(kind, lesson, how="material"):
    """Let a screen of a kind say something else; return its id."""
    body = lesson.body_en.get_prep_value()
    block = next(block for block in body if block["type"] == kind)
    name = {"text": "html", "match": "question"}.get(kind, "text")
    block["value"][name] += "<p>Told anew.</p>" if name == "html" else " Told anew."
    lesson.body_en = lesson._meta.get_field("body_en").to_python(body)
    lesson.change = how
    lesson.save_revision().publish()
    return block["id"]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_changed_question_stands_in_english_below_it_for_who_reads_again(
    client, sign_in, official, course, lessons, read, language
):
    screen = change_a("match", lessons[1])
    visitor = client.get(address(lessons[1], language)).content.decode()
    sign_in(official)
    [(place, said)] = in_source(client.get(address(lessons[1], language)).content.decode())

    assert place == screen
    assert "Told anew." in said
    assert said.count("<li>") > 1
    assert in_source(visitor) == []
    assert in_source(client.get(address(lessons[1])).content.decode()) == []


def test_what_was_explained_better_before_the_refresher_is_shown_in_english_too(
    client, sign_in, official, course, lessons, read
):
    minor = change_a("text", lessons[1], how="minor")
    material = change_a("takeaway", lessons[1])
    sign_in(official)
    html = client.get(address(lessons[1], "fr")).content.decode()

    assert [place for place, _said in in_source(html)] == [minor, material]
    assert all("Told anew." in said for _place, said in in_source(html))
    assert html.count("Le texte anglais a changé") == 2


def test_the_aim_of_a_lesson_that_changed_is_shown_in_english_too(client, sign_in, official, course, lessons, read):
    lesson = lessons[1]
    lesson.aim_en += " Told anew."
    lesson.change = "material"
    lesson.save_revision().publish()
    sign_in(official)
    shown = in_source(client.get(address(lesson, "fr")).content.decode())

    assert [place for place, _said in shown] == [""]
    assert "Told anew." in shown[0][1]


def test_a_phone_keeps_the_english_text_of_what_is_out_of_date(client, sign_in, official, course, lessons, read):
    screen = change_a("match", lessons[1])
    version = CourseVersion.objects.filter(course=course, country="HT").order_by("-number").first()
    key = f"{version.public_id}/{lessons[1].translation_key}"
    kept = {code: client.get(f"/{code}/keep/{course.key}/{key}/").content.decode() for code in ("en", "fr")}

    assert [place for place, _said in in_source(kept["fr"])] == [screen]
    assert in_source(kept["en"]) == []


def rewrite(lesson, how="material", **words):
    """Let words above the screens of a lesson say something else."""
    for name, said in words.items():
        setattr(lesson, f"{name}_en", said)
    lesson.change = how
    lesson.save_revision().publish()


def reset(lesson, body):
    """Let a lesson have other screens, as a material change."""
    lesson.body_en = lesson._meta.get_field("body_en").to_python(body)
    lesson.change = "material"
    lesson.save_revision().publish()


def marks(html):
    """Return what stands right below each mark: the tag and its id."""
    return [
        re.search(r'<(\w+)[^>]* id="([\w-]+)"', part).groups() for part in html.split("Changed since you read it")[1:]
    ]


@pytest.mark.parametrize(("name", "tag", "said"), [("aim", "p", "Aim"), ("heading", "h1", "Heading")])
def test_a_changed_aim_or_heading_is_marked_and_listed_above_it(
    client, sign_in, official, course, lessons, read, name, tag, said
):
    rewrite(lessons[1], **{name: "It says something else now."})
    sign_in(official)

    html = client.get(address(lessons[1])).content.decode()

    assert marks(html) == [(tag, name)]
    assert "1 part of this lesson has changed since you read it. It is marked below." in html
    assert f'<li><a href="#{name}">{said}</a></li>' in html
    assert html.index('id="changed"') < html.index('class="mark"')
    assert "Law or procedure" not in html
    assert marks(client.get(address(lessons[0])).content.decode()) == []


def test_a_heading_an_aim_and_a_screen_are_counted_together(client, sign_in, official, course, lessons, read, at):
    rewrite(lessons[1], how="minor", heading="Another heading", aim="Another aim.")
    screen = change(lessons[1], 0, at)
    sign_in(official)

    html = client.get(address(lessons[1])).content.decode()

    assert [one for _tag, one in marks(html)] == ["heading", "aim", f"s-{screen['id']}"]
    assert "3 parts of this lesson have changed since you read it." in html


def test_what_was_taken_out_is_told_and_what_cannot_be_marked_is_called_a_change(
    client, sign_in, official, course, lessons, read
):
    without, turned = (lesson.body_en.get_prep_value() for lesson in lessons[1:3])
    reset(lessons[1], [one for one in without if one["type"] != "takeaway"])
    reset(lessons[2], turned[::-1])
    sign_in(official)

    shorter, same = (client.get(address(one)).content.decode() for one in lessons[1:3])

    assert "Something was taken out of this lesson since you read it. Read it again." in shorter
    (gone,) = (one for one in without if one["type"] == "takeaway")
    (named,) = BeautifulSoup(shorter, "html.parser").select("#changed li")
    assert named.get_text().startswith(f"Take-away: {gone['value']['text'][:20]}")
    assert "This lesson has changed since you read it. Read it again." in same
    assert (marks(shorter), marks(same)) == ([], [])
    assert "Law or procedure" not in shorter + same


def test_a_lesson_with_all_of_this_stays_within_eight_queries(
    client, sign_in, official, course, lessons, read, at, django_assert_max_num_queries
):
    rewrite(lessons[1], how="minor", heading="Another heading", aim="Another aim.")
    change(lessons[1], 0, at)
    sign_in(official)
    client.get(address(lessons[1]))

    with django_assert_max_num_queries(8):
        client.get(address(lessons[1]))
