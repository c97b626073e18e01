"""What a line says in the tests, as the files of the product have it."""

import tomllib
from functools import cache

from django.db import connection
from django.db.models.sql import InsertQuery

from hotline.actions.prompts import FOLDER
from hotline.models import Prompt
from languages.exchange import texts_of


@cache
def words():
    """The line's words as the files have them, by key and language."""
    source = tomllib.loads((FOLDER / "prompts.toml").read_text())
    rows = [(f"prompt {one['key']}", one["key"], one["text"]) for one in source["prompts"]]
    rows += [(f"text {one['key']}", f"text_{one['key']}", one["text"]) for one in source["texts"]]
    foreign = {code: texts_of((FOLDER / f"{code}.po").read_text()) for code in ("fr", "ar")}
    return [
        (key, {"en": text} | {code: texts[context][1] for code, texts in foreign.items()})
        for context, key, text in rows
    ]


@cache
def prompts_written():
    """The statement that writes the prompts in three languages, made once for all tests, and its values; what
    load_prompts does beside that is the demo's test."""
    rows = [Prompt(key=key, **{f"text_{code}": text for code, text in texts.items()}) for key, texts in words()]
    query = InsertQuery(Prompt)
    query.insert_values([one for one in Prompt._meta.local_concrete_fields if not one.primary_key], rows)
    (statement,) = query.get_compiler(connection=connection).as_sql()
    return statement
