"""Edits that look alike: which are a repair of what somebody ticked, and which kind of change is proposed for each."""

import pytest

from tests.training.test_regrading import take
from training import actions, changing, queries, rewording, spelling
from training.models import Question

REPAIRED = [
    ("You recieve the papers.", "You receive the papers.", "wording"),
    ("Recieve the papers.", "Receive the papers.", "wording"),
    ("It is trafficing.", "It is trafficking.", "wording"),
    ("The victm is heard.", "The victim is heard.", "wording"),
    ("Tell the goverment.", "Tell the government.", "wording"),
    ("Ask the embasy.", "Ask the embassy.", "wording"),
    ("They seperate the childern.", "They separate the children.", "wording"),
    ("Ring the hotlne.", "Ring the hotline.", "wording"),
    ("The colour of a labour card.", "The color of a labor card.", "wording"),
    ("Ask  the court", "ask the Court.", "wording"),
    ("Ask her; then write.", "Ask her, then write.", "wording"),
    ("She can't leave.", "She can’t leave.", "wording"),
    ('Say "stop" to him', "Say “stop” to him", "wording"),
    ("Wait 5-10 days", "Wait 5–10 days", "wording"),
    ("Stop - go back", "Stop — go back", "wording"),
    ("It is 5 %", "It is 5%", "wording"),
    ("It is -5 degrees", "It is −5 degrees", "wording"),
    ("On the sixtenth day", "On the sixteenth day", "material"),
    ("They are carryed.", "They are carried.", "wording"),
    ("Wait 5 - 10 days", "Wait 5 – 10 days", "wording"),
    ("Wait 5 - 10 days", "Wait 5–10 days", "wording"),
    ("Wait 5 — 10 days", "Wait 5–10 days", "wording"),
    ("Pay $5 - $10", "Pay $5–$10", "wording"),
    ("Wait five - ten days", "Wait five – ten days", "wording"),
    ("At – 5 degrees", "At −5 degrees", "wording"),
    ("Stop – aim for it", "Stop; aim for it", "wording"),
    ("Tell her – a child – that", "Tell her — a child — that", "wording"),
]
NEW = [
    ("The employee pays the fee.", "The employer pays the fee.", "material"),
    ("The employr pays the fee.", "The employer pays the fee.", "minor"),
    ("A witness is prosecuted", "A witness is protected", "minor"),
    ("A witness is protected", "A witness is prosecuted", "minor"),
    ("A witness is prosected", "A witness is protected", "minor"),
    ("Include it.", "Exclude it.", "minor"),
    ("Import it.", "Export it.", "minor"),
    ("Her mother signs.", "Her brother signs.", "minor"),
    ("Her father signs.", "Her mother signs.", "minor"),
    ("She is detained.", "She is retained.", "minor"),
    ("It costs $500.", "It costs €500.", "material"),
    ("It is 5 %.", "It is 5 ‰.", "material"),
    ("She is > 18.", "She is < 18.", "material"),
    ("At -5 degrees", "At 5 degrees", "material"),
    ("At .5 metres", "At 5 metres", "material"),
    ("At +5 degrees", "At 5 degrees", "material"),
    ("One = two", "One ≠ two", "material"),
    ("The act, means and purpose", "The act, means or purpose", "material"),
    ("Ask her and tell her.", "Ask her and/or tell her.", "material"),
    ("A judge may ask.", "A judge must ask.", "material"),
    ("She is heard if she asks.", "She is heard unless she asks.", "material"),
    ("She is now free.", "She is not free.", "material"),
    ("Ask the court.", "Ask the cort.", "minor"),
    ("Ask the cort.", "Ask the court.", "minor"),
    ("Ask the judge.", "Ask the judges.", "minor"),
    ("Keep it secure.", "Keep it secret.", "minor"),
    ("Ask her name.", "Ask for her name.", "minor"),
    ("Look at the trial.", "Look at the trail.", "minor"),
    ("Ask a court.", "Ask the court.", "wording"),
    ("Stop, nobody must go.", "Stop nobody, must go.", "wording"),
    ("He is free to go.", "He is “free” to go.", "wording"),
    ("Ask Amina first.", "Ask Amine first.", "minor"),
    ("Wait 1,5 days", "Wait 15 days", "material"),
    ("The employer's pay is hers.", "The employers pay is hers.", "material"),
    ("It is their cafe.", "It is their café.", "minor"),
    ("The interpretor is sworn in.", "The interpreter is sworn in.", "minor"),
    ("Untrusted people", "Entrusted people", "minor"),
    ("By texting her", "By testing her", "minor"),
    ("An overstayer is heard.", "An overstayed is heard.", "minor"),
    ("Abductee", "Abducted", "minor"),
    ("The payor signs.", "The mayor signs.", "minor"),
    ("It is yrs.", "It is yes.", "material"),
    ("She is rehoused.", "She is rehorsed.", "minor"),
    ("A portress opens.", "A fortress opens.", "minor"),
    ("Ask the asylee.", "Ask the ashlee.", "minor"),
    ("Hear the mentees.", "Hear the mestees.", "minor"),
    ("Leave it to the admin.", "Leave it to the admit.", "minor"),
    ("By doxing her", "By doing her", "minor"),
    ("It is femicide.", "It is feticide.", "minor"),
    ("Sextortion", "Extortion", "minor"),
    ("By sextorting her", "By extorting her", "minor"),
    ("The kifala binds her.", "The kamala binds her.", "minor"),
    ("Ask Mr Smiht.", "Ask Mr Smith.", "wording"),
    ("Wait 5 - 10 days", "Wait 5, 10 days", "material"),
    ("Wait 5 – 10 days", "Wait 5 10 days", "material"),
    ("Wait 5 — 10 days", "Wait 5; 10 days", "material"),
    ("Wait 5—10 days", "Wait 5, 10 days", "material"),
    ("Pay $5 - $10", "Pay $5, $10", "material"),
    ("Pay CHF 5 - CHF 10", "Pay CHF 5, CHF 10", "material"),
    ("Wait five – ten days", "Wait five, ten days", "material"),
    ("Wait Five – Ten days", "Wait Five, Ten days", "material"),
    ("Wait twenty-four days", "Wait twenty - four days", "material"),
    ("Open Monday – Friday", "Open Monday, Friday", "material"),
    ("Open Mondays – Fridays", "Open Mondays, Fridays", "material"),
    ("By Articles V – XI", "By Articles V, XI", "material"),
    ("By points A – C", "By points A, C", "material"),
    ("At – 5 degrees", "At 5 degrees", "material"),
    ("At — 5 degrees", "At 5 degrees", "material"),
]
RULES = [
    ("Within twenty-four hours", "Within forty-eight hours"),
    ("Seventy-two hours of arrest", "Ninety-six hours of arrest"),
    ("A two-year sentence", "A three-year sentence"),
    ("A five-day limit", "A ten-day limit"),
    ("One-third of it", "Two-thirds of it"),
    ("A third of it", "Two thirds of it"),
    ("A year-long stay", "A month-long stay"),
    ("A week's notice", "A month's notice"),
    ("Tell no-one.", "Tell someone."),
    ("¼ of it", "½ of it"),
    ("A ¼-hour talk", "A ½-hour talk"),
    ("Half of it", "Part of it"),
    ("Double the fee", "Treble the fee"),
    ("Dozens came.", "Hundreds came."),
    ("On the sixth day", "On the sixteenth day"),
    ("By Article XXI of it", "By Article XXII of it"),
    ("By Annex B of it", "By Annex C of it"),
    ("Ten percent of it", "Ten points of it"),
    ("Ten per cent of it", "Ten parts of it"),
    ("Heard by both", "Heard by them"),
    ("At least ten", "At most ten"),
    ("Before it is signed", "Once it is signed"),
    ("Until it is signed", "When it is signed"),
    ("Since she came", "When she came"),
    ("Some are heard.", "They are heard."),
    ("Many are heard.", "They are heard."),
    ("She is always heard.", "She is often heard."),
    ("She is sometimes heard.", "She is usually heard."),
    ("Older than her", "Younger than her"),
    ("Up to the maximum", "Up to the minimum"),
    ("Open on Monday", "Open on Friday"),
    ("Open Mondays", "Open Fridays"),
    ("Open Mon", "Open Sat"),
    ("It ends in March.", "It ends in June."),
    ("Closed at noon", "Closed at midnight"),
    ("Ask in the morning.", "Ask in the evening."),
    ("Ask her at night.", "Ask her at home."),
    ("Open at eight a.m. here", "Open at eight p.m. here"),
    ("It ends in spring.", "It ends in autumn."),
    ("Come back tomorrow.", "Come back yesterday."),
    ("Come back next week.", "Come back this week."),
    ("It takes a fortnight.", "It takes a while."),
    ("It lasts centuries.", "It lasts decades."),
    ("Ten hrs of work", "Ten yrs of work"),
    ("A hundred rupees", "A hundred pesos"),
    ("A hundred miles", "A hundred metres"),
    ("The witnesses are heard.", "The neighbours are heard."),
    ("The children are heard.", "The people are heard."),
]


@pytest.mark.parametrize(
    ("before", "after", "kind", "is_repaired"),
    [(*pair, True) for pair in REPAIRED] + [(*pair, False) for pair in NEW],
)
def test_an_edit_is_a_repair_of_an_answer_only_where_it_cannot_change_the_sense(before, after, kind, is_repaired):
    edit = ({"text": {"aim_en": before}, "body": []}, {"text": {"aim_en": after}, "body": []})

    assert rewording.is_repaired(before, after) is is_repaired
    assert changing.proposal(*edit).change == kind


@pytest.mark.parametrize(("before", "after"), [pair for two in RULES for pair in (two, two[::-1])])
def test_a_number_time_or_measure_for_another_is_material_however_it_is_written(before, after):
    edit = ({"text": {"aim_en": before}, "body": []}, {"text": {"aim_en": after}, "body": []})

    assert not rewording.is_repaired(before, after)
    assert changing.proposal(*edit).change == "material"


def test_the_plural_of_a_measure_is_no_other_one():
    for one, more in [("day", "days"), ("century", "centuries"), ("child", "children"), ("witness", "witnesses")]:
        edit = ({"text": {"aim_en": f"By {one}"}, "body": []}, {"text": {"aim_en": f"By {more}"}, "body": []})
        assert changing.proposal(*edit).change == "minor"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("employee", {"employee"}),
        ("employr", {"employ", "employer", "employs"}),
        ("langauge", {"language"}),
        ("ploce", {"ploce"}),
        ("qqqqq", set()),
        ("sextortion", {"sextortion"}),
        ("apps", {"apps"}),
        ("intros", {"intros"}),
        ("halawa", set()),
        ("untrusted", {"untrusted"}),
        ("overstayers", {"overstayers"}),
        ("remarrying", {"remarrying"}),
        ("retrafficked", {"retrafficked"}),
        ("debarred", {"debarred"}),
        ("rehoused", {"rehoused"}),
        ("requirable", {"requirable"}),
        ("admitter", {"admitter"}),
        ("untallied", {"untallied"}),
        ("nappiness", {"nappiness"}),
        ("fliping", {"flipping"}),
        ("regester", {"register"}),
        ("trafficing", {"trafficking"}),
        ("carryed", {"carried"}),
        ("colour", {"color"}),
        ("we're", {"we're"}),
        ("e" * 100_000, {"e" * 100_000}),
    ],
)
def test_a_word_known_or_made_of_one_is_itself_and_what_is_none_may_be_each_that_is_one_slip_away(word, found):
    assert spelling.meant(word) == found


@pytest.mark.either
@pytest.mark.parametrize(
    ("words", "mended", "is_marked_anew"),
    [
        ("The employee pays the fee.", "The employer pays the fee.", False),
        ("The employer pays imediately.", "The employer pays immediately", True),
    ],
)
def test_who_ticked_a_near_spelled_opposite_is_not_passed_by_it(
    course, manager, enrolment, at, later, words, mended, is_marked_anew
):
    def write(text, *, is_right, when):
        for question in Question.objects.filter(course=course):
            body = question.body_en.get_prep_value()
            *others, last = [option["value"] for option in body[0]["value"]["options"]]
            for option in others:
                option["right"] = option["right"] and not is_right
            others[0]["right"] = others[0]["right"] or not is_right
            last["text"], last["right"] = text, is_right
            question.body_en = Question._meta.get_field("body_en").to_python(body)
            question.go_live()
        actions.course_changed(course, by="test", at=when, material=queries.id_of_test(course, 2))

    write(words, is_right=False, when=later(-20))
    attempt = take(enrolment, later(5), 2)
    write(mended, is_right=True, when=later(60))
    assert not attempt.passed

    actions.regrade(course=course, by=manager, at=later(70))

    attempt.refresh_from_db()
    assert (attempt.passed, attempt.right) == ((True, 6) if is_marked_anew else (False, 4))
