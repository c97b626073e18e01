"""A text as sheets take it: with the language that it is really in."""

from training.queries.course_rows import Words


def said(words: Words) -> dict:
    """Return a text and its language."""
    return {"text": words.text, "language": words.language}
