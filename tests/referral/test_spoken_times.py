"""A time is written as "today, 07:28" where it is near: in a sentence it stands alone, for no language binds it alike."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "referral" / "templates").rglob("*.html"))
SENTENCE = re.compile(r"{% blocktranslate([^%]*\|when[^%]*)%}(.*?){% endblocktranslate %}", re.DOTALL)
TIME = re.compile(r"(\w+)=[\w.]+\|when")
ALONE = re.compile(r"(^|[:(]) ?$")


def bound_times(text):
    """Return the sentences of a template in which a time follows a word that a language may bind to it."""
    for told, words in SENTENCE.findall(text):
        bare = re.sub(r"<[^>]*>", "", words)
        for name in TIME.findall(told):
            if not ALONE.search(bare.split(f"{{{{ {name} }}}}")[0]):
                yield bare


@pytest.mark.parametrize("words", ["Opened {{ at }}.", "It ends <b>on</b> {{ at }}"])
def test_the_search_finds_a_bound_time(words):
    assert list(bound_times(f"{{% blocktranslate trimmed with at=one.at|when %}}{words}{{% endblocktranslate %}}"))


def test_no_sentence_binds_a_time_that_may_be_today():
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES]

    assert sum(len(SENTENCE.findall(text)) for text in texts) > 15
    assert [words for text in texts for words in bound_times(text)] == []
