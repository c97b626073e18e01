"""Files of questions, written and read by the tests."""

from training import question_files


def en(words):
    """Return words in English."""
    return {"en": words} if words else {}


def rows(text):
    """Return what is read of a file."""
    return question_files.read(text.encode()).rows


def one(text):
    """Return the one row of a file."""
    (row,) = rows(text)
    return row


def refused(text):
    """Return the refused rows of a file: line and code."""
    return [(row.line, row.refusal.code) for row in rows(text) if row.refusal]


def quiz(*questions):
    """Return questions as a file of Moodle XML."""
    return f'<?xml version="1.0"?>\n<quiz>{"".join(questions)}</quiz>'


def question(kind, inner, text="Which?", form="html"):
    """Return one question of Moodle XML."""
    return (
        f'\n<question type="{kind}"><name><text>n</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>{inner}</question>'
    )


def answer(share, text, feedback=""):
    """Return one answer of Moodle XML."""
    return (
        f'<answer fraction="{share}" format="html"><text>{text}</text><feedback><text>{feedback}</text></feedback>'
        "</answer>"
    )
