"""A small course folder made for tests: three lessons, one of them for one group of readers, and a paper of each form."""

from pathlib import Path

COURSE = """
key = "small"
curriculum = "small"
curriculum_heading = "Small"
curriculum_summary = "Small courses."
slug = "small"
heading = "A small course"
summary = "Three lessons."
audience = "For tests."
countries = ["HT", "TN"]
tracks = ["migrant", "official"]
pass_minimum = 3

[[modules]]
key = "m1"
slug = "m1"
heading = "All of it"
lessons = ["one", "two", "three"]

[[blueprint]]
form = 1
objective = "elements"
count = 2

[[blueprint]]
form = 1
objective = "consent"
count = 1

[[blueprint]]
form = 2
objective = "elements"
count = 2

[[blueprint]]
form = 2
objective = "consent"
count = 2

[[blueprint]]
form = 3
objective = "elements"
count = 2
"""
LESSON = """
key = "{key}"
slug = "{key}"
heading = "Lesson {key}"
aim = "Aim of {key}."
minutes = {minutes}
{tracks}

[[screens]]
key = "text"
kind = "text"
heading = "What"
html = "<p>What is taught in {key}.</p>"

[[screens]]
key = "check"
kind = "check"
type = "single"
question = "Which one?"
[[screens.options]]
key = "a"
text = "This one"
right = true
feedback = "It is this one."
[[screens.options]]
key = "b"
text = "That one"
right = false
feedback = "It is the other."

[[screens]]
key = "who"
kind = "who"
"""
ITEM = """
[[items]]
key = "{key}"
form = {form}
type = "single"
critical = {critical}
objective = "{objective}"
question = "Question {key}?"
[[items.options]]
key = "a"
text = "Right of {key}"
right = true
feedback = "Because of {key}."
[[items.options]]
key = "b"
text = "Wrong of {key}"
right = false
feedback = "Not because of {key}."
"""
# form: (objective, critical) of each item in the bank
BANK = {
    1: [("elements", False), ("elements", False), ("elements", True), ("consent", False)],
    2: [("elements", True), ("elements", False), ("elements", False), ("consent", False), ("consent", False)],
    3: [("elements", True), ("elements", False)],
}


def small_course(folder: Path, *, course: str = COURSE) -> Path:
    """Write the folder of the small course and return it."""
    folder.mkdir(exist_ok=True)
    (folder / "course.toml").write_text(course, "utf-8")
    for number, key in enumerate(("one", "two", "three"), 1):
        tracks = 'tracks = ["official"]' if key == "three" else ""
        (folder / f"{key}.toml").write_text(LESSON.format(key=key, minutes=10 + number, tracks=tracks), "utf-8")
    items = [
        ITEM.format(key=f"s-{form}-{number}", form=form, objective=objective, critical=str(critical).lower())
        for form, entries in BANK.items()
        for number, (objective, critical) in enumerate(entries, 1)
    ]
    (folder / "quiz.toml").write_text("\n".join(items), "utf-8")
    return folder
