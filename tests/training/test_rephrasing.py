"""How far an edit of a text goes: nothing that could carry a rule passes as a repair."""

import pytest

from training.rephrasing import Extent, extent, sentences

TEXT = (
    "<p>A child is any person under 18. She is heard by <b>one person</b>, with an interpreter.</p>"
    "<ul><li>Ask her name.</li><li>Tell her who you are, and what happens next.</li></ul>"
)


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        (" heard", " heard", Extent.NONE),
        ("heard by <b>one", "heard, by <b>One", Extent.NONE),
        ("next.", "next!", Extent.NONE),
        ("person</b>, with", "person</b>. With", Extent.NONE),
        ("<b>one person</b>", "one  <i>person</i>", Extent.NONE),
        ("interpreter", "interpretor", Extent.REPHRASED),
        ("Ask her name", "Ask for her name", Extent.REPHRASED),
        ("what happens next", "what comes next", Extent.REPHRASED),
        ("one person", "one persons", Extent.REPHRASED),
        (
            "Tell her who you are, and what happens next",
            "Say who you are and explain the next steps",
            Extent.REPHRASED,
        ),
        (" under 18", " under 16", Extent.RULE),
        ("under 18", "under eighteen", Extent.RULE),
        ("one person", "two persons", Extent.RULE),
        ("Ask her name", "Do not ask her name", Extent.RULE),
        ("Ask her name", "Don’t ask her name", Extent.RULE),
        ("Ask her name", "You may ask her name", Extent.RULE),
        ("She is heard", "She must be heard", Extent.RULE),
        ("any person", "only a person", Extent.RULE),
        ("with an interpreter", "without an interpreter", Extent.RULE),
        ("<li>Ask her name.</li>", "", Extent.RULE),
        (" She is heard by <b>one person</b>, with an interpreter.", "", Extent.RULE),
        ("interpreter.</p>", "interpreter. The interpreter is sworn in.</p>", Extent.ADDED),
        ("</ul>", "<li>Thank her.</li></ul>", Extent.ADDED),
        ("A child", "Law. A child", Extent.ADDED),
    ],
)
def test_each_edit_goes_so_far(was, becomes, found):
    assert was in TEXT
    assert extent([TEXT], [TEXT.replace(was, becomes, 1)]) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("It must not be shown.", "It must be shown.", Extent.RULE),
        ("Ask her, not him.", "Ask not her, him.", Extent.RULE),
        ("The act is legal.", "The act is illegal.", Extent.RULE),
        ("The act is unlawful.", "The act is lawful.", Extent.RULE),
        ("She can’t leave.", "She can leave.", Extent.RULE),
        ("Wait 1.5 days.", "Wait 15 days.", Extent.RULE),
        ("Girls marry at sixteen.", "Girls marry at fourteen.", Extent.RULE),
        ("Care within 72 hours.", "Care within 72 days.", Extent.RULE),
        ("A child alone: today.", "A child alone: tomorrow.", Extent.RULE),
        ("On the first day.", "On the third day.", Extent.RULE),
        ("By Article V of it.", "By Article VI of it.", Extent.RULE),
        ("She has the right to stay silent.", "She has the duty to stay silent.", Extent.RULE),
        ("Tell the police.", "Tell the employer.", Extent.RULE),
        ("It is a crime.", "It is a misdemeanour.", Extent.RULE),
        ("It is harmful.", "It is harmless.", Extent.RULE),
        ("She may refuse it.", "She may accept it.", Extent.RULE),
        ("Within ten day.", "Within ten days.", Extent.REPHRASED),
        ("No means is shown.", "No means is painted.", Extent.REPHRASED),
        ("No force is needed.", "No force is police.", Extent.RULE),
        ("Keep it secure.", "Keep it secret.", Extent.REPHRASED),
        ("First this. Then that.", "Then that. First this.", Extent.REPHRASED),
        ("", "Words where none were.", Extent.ADDED),
    ],
)
def test_what_turns_the_meaning_is_no_repair(before, after, found):
    assert extent([before], [after]) == found


def test_a_sentence_is_what_a_reader_takes_for_one():
    assert sentences([TEXT])[0] == ("a", "child", "is", "any", "person", "under", "18")
    assert sentences(["See Art. 5 of the law.", "<p>R&amp;D</p>"]) == [
        ("see", "art", "5", "of", "the", "law"),
        ("r", "&", "d"),
    ]
