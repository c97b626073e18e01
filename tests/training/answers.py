"""How the tests of this room answer questions by form, as a page without script does."""

import re
import uuid
from dataclasses import replace

from training import actions, grading, progress, queries


def address(page, language="en", query=""):
    return f"/{language}/{page.url_path.split('/', 2)[2]}{query}"


def token_of(html, marker):
    """Return the token of the form that holds a marker."""
    form = next(part for part in html.split("<form")[1:] if marker in part.split("</form>")[0])
    return re.search(r'name="token" value="([^"]+)"', form).group(1)


def check_of(lesson):
    """Return the raw check block of a lesson."""
    return next(block for block in lesson.body_en.get_prep_value() if block["type"] in grading.KINDS)


def choose(client, lesson, right, language="en"):
    """Answer the check of a lesson by form; return the answer and the token used."""
    block = check_of(lesson)
    token = token_of(client.get(address(lesson, language)).content.decode(), "data-check")
    return client.post(address(lesson, language), {"token": token} | fields(block, right)), token


def fields(block, right):
    value = block["value"]
    if block["type"] == "match":
        first = {}
        group = {p["id"]: first.setdefault(p["value"]["right"], p["id"]) for p in value["pairs"]}
        wrong = next(iter(group.values()))
        return {f"r-{left}": key if right else wrong for left, key in group.items()}
    options = [option["id"] for option in value["options"] if option["value"]["right"] is right]
    return {"r": options if block["type"] == "multiple" else options[0]}


def from_phone(arrival):
    """Return an event under an id as a phone draws it."""
    return replace(arrival, id=uuid.uuid4())


def paper(attempt, language="fr", end=""):
    return f"/{language}/test/{attempt.public_id}/{end}"


def right(attempt):
    items = queries.items_of(attempt)
    return {f"{item.id}-r": item.right[0] for item in items}


def wrong(attempt, *places):
    answers = right(attempt)
    for place in places:
        item = queries.items_of(attempt)[place]
        answers[f"{item.id}-r"] = next(option for option in item.options if option not in item.right)
    return answers


def hand_in(user, course, language, wrong=(), *, at):
    """Let somebody hand in the test of a course in a language, with some keys of questions answered wrong."""
    attempt = actions.begin_test(user=user, course=course, language=language, at=at)
    entries = progress.read(attempt.paper)["items"]
    responses = {
        one["id"]: next(o for o in one["options"] if o not in one["right"]) if one["key"] in wrong else one["right"][0]
        for one in entries
    }
    actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at)


def shown_by(client, attempt, language="en"):
    """Return what the open page of a test says of the answers it shows, as its form posts it."""
    html = client.get(paper(attempt, language)).content.decode()
    boxes = re.findall(r'name="was" value="([^"]*)" checked', html)
    return {"shown": re.search(r'name="shown" value="([^"]*)"', html).group(1), "was": boxes}
