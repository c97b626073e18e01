"""The drawing of a pathway: it fits the page, its middle is straight, words lie on no step and on no other words."""

import itertools
from pathlib import Path

import pytest

from cms.bench_drawing import LONGEST, branches
from referral import actions, pathways
from referral.pathways.graph import WIDEST
from referral.pathways.labels import Box, short_title, span, wrapped
from referral.queries.graphs import IN_EDITOR, graph_of_case
from tests.costs import LINEAR, lines
from tests.referral.pages import url

SEEDS = Path(__file__).resolve().parents[2] / "referral" / "seeds"
REAL = [
    ("liberia-nrm", "en"),
    ("generic-nrm", "en"),
    ("tunisia-mno", "fr"),
    ("tunisia-mno", "ar"),
    ("disaster-mz", "en"),
]


@pytest.fixture(params=REAL, ids=lambda pair: "-".join(pair))
def drawing(request):
    """A real pathway, drawn in a language."""
    key, language = request.param
    pathway = pathways.load((SEEDS / f"{key}.json").read_text(encoding="utf-8"))
    return pathways.drawn(pathway, (language, "en"), is_mirrored=language == "ar")


def box_of(node):
    half = max(span(words) for _y, words in node.lines) / 2
    tops = [y for y, _words in node.lines]
    return Box(node.words_x - half, min(tops) - 10, node.words_x + half, max(tops) + 2)


def test_a_real_pathway_is_shown_whole_on_a_page_1280_wide(drawing):
    assert drawing.fits
    assert drawing.width <= WIDEST
    for node in drawing.nodes:
        box = box_of(node)
        assert (box.left >= 0, box.right <= drawing.width) == (True, True), node.key
        assert (box.top >= 0, box.bottom <= drawing.height) == (True, True), node.key


def test_words_lie_on_no_other_words_and_on_no_step(drawing):
    boxes = {node.key: box_of(node) for node in drawing.nodes}
    shapes = {node.key: Box(node.x - 12, node.y - 14, node.x + 12, node.y + 14) for node in drawing.nodes}

    crossed = [pair for pair in itertools.combinations(boxes, 2) if boxes[pair[0]].overlap(boxes[pair[1]])]
    covered = [(words, step) for words in boxes for step in shapes if boxes[words].overlap(shapes[step])]

    assert crossed == []
    assert covered == []


def test_words_stand_on_a_ground_of_their_own_that_covers_no_step_and_no_other_words(drawing):
    shapes = {node.key: Box(node.x - 12, node.y - 14, node.x + 12, node.y + 14) for node in drawing.nodes}

    for node in drawing.nodes:
        words = box_of(node)
        assert node.ground.left <= words.left < words.right <= node.ground.right, node.key
        assert node.ground.top <= words.top < words.bottom <= node.ground.bottom, node.key
        assert not [key for key, shape in shapes.items() if node.ground.overlap(shape)], node.key


def test_the_page_draws_the_grounds_over_the_lines_and_under_steps_and_words(new_case, operator, sign_in, now):
    page = sign_in(operator).get(url("case_detail", new_case())).content.decode()
    drawn = page[page.index('<svg class="g') : page.index('<ul class="legend"')]
    ground = '<rect class="ground"'

    assert drawn.count(ground) == drawn.count("<g transform")
    assert drawn.rindex('class="e ') < drawn.index(ground) < drawn.rindex(ground) < drawn.index("<g transform")
    assert 'fill="var(--raised)"' in drawn


def test_help_that_did_not_come_is_not_drawn_as_done(at_referrals, room, open_run, operator, sign_in, at, keys):
    case = at_referrals(room)
    asked = actions.refer(
        run=open_run(case, "psychosocial"), service=room, key=next(keys), by=operator, at=at
    ).referral
    actions.accept(referral=asked, key=next(keys), by=operator, at=at)
    actions.give_up(run=open_run(case, "shelter"), key=next(keys), by=operator, at=at)

    view = graph_of_case(case, "en", at)
    page = sign_in(operator).get(url("case_detail", case)).content.decode()

    words = {line.key: line.state_words for line in view.lines}
    assert (words["shelter"], words["psychosocial"]) == ("not met", "done")
    assert "Not met: Safe accommodation." in view.summary
    assert "Safe accommodation" not in view.summary.partition("Open now")[0].partition("Not met")[0]
    left = {(edge.source, edge.target): edge.state for edge in view.edges if edge.source == "shelter"}
    assert left == {("shelter", "joined"): "skip", ("shelter", "gap"): "took"}
    drawn, legend = page[page.index('<svg class="g') :].split('<ul class="legend"')
    crosses = drawn.count('class="u"')
    assert (crosses, drawn.count('class="n unmet"'), 'class="u"' in legend, "</svg>not met</li>" in legend) == (
        1,
        1,
        True,
        True,
    )


def test_in_the_editor_beside_its_menu_a_real_pathway_is_shown_whole_too():
    pathway = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))

    drawing = pathways.drawn(pathway, ["en"], widest=IN_EDITOR)

    assert drawing.fits
    assert drawing.width <= IN_EDITOR


def test_the_middle_of_the_pathway_is_one_straight_line(drawing):
    heights = {node.key: node.y for node in drawing.nodes}
    middle = ["start", "screening", "danger", "safety", "agegate", "consent", "fork", "joined", "identify", "closed"]

    assert len({heights[key] for key in middle}) == 1
    assert heights["emergency"] < heights["danger"]
    assert heights["appeal"] > heights["identify"]


def test_a_long_pathway_keeps_columns_that_can_be_read_and_is_scrolled():
    steps = [{"key": "a", "kind": "start", "title": {"en": "Begin"}}]
    steps += [{"key": f"s{number}", "kind": "task", "title": {"en": "Some task"}} for number in range(40)]
    ways = [{"from": one["key"], "to": other["key"]} for one, other in itertools.pairwise(steps)]
    body = {"schema": "pathway/1", "key": "long", "version": 1, "status": "draft", "country": None, "valid": None}
    rest = {"languages": ["en"], "title": {"en": "Long"}, "roles": [], "sharing_profiles": {}, "facts": []}
    pathway = pathways.Pathway({**body, **rest, "steps": steps, "transitions": ways})

    drawing = pathways.drawn(pathway, ["en"])

    assert not drawing.fits
    assert drawing.nodes[1].x - drawing.nodes[0].x >= 44


def test_a_title_is_cut_at_its_first_clause_and_set_in_lines_of_a_width():
    assert short_title("Closed after information; may be reopened") == "Closed after information"
    assert short_title("تقييم المصلحة الفضلى؛ مندوب") == "تقييم المصلحة الفضلى"
    assert wrapped("Report to the anti-trafficking police", 90) == ["Report to the", "anti-trafficking", "police"]
    assert wrapped("one two three four five six", 10)[-1] == "four…"


def test_the_drawing_holds_every_step_and_way_and_is_mirrored(liberia_pathway):
    left = pathways.drawn(liberia_pathway, ["en"])
    right = pathways.drawn(liberia_pathway, ["en"], is_mirrored=True)

    assert {node.key for node in left.nodes} == set(liberia_pathway.steps)
    assert len(left.edges) == len(liberia_pathway.body["transitions"])
    assert [node.x for node in right.nodes] == [left.width - node.x for node in left.nodes]
    places = [(node.x, node.y) for node in left.nodes]
    assert len(set(places)) == len(places)
    layers = {node.key: node.x for node in left.nodes}
    assert all(layers[way["from"]] < layers[way["to"]] for way in liberia_pathway.body["transitions"])


def test_the_largest_pathway_is_drawn_whole_at_a_cost_that_grows_as_its_steps_do():
    largest = branches(LONGEST)

    assert len(pathways.drawn(largest, ["en"]).nodes) == 300
    assert lines(draw, largest) < LINEAR * lines(draw, branches(9))  # a quarter of its steps


def draw(pathway):
    """Draw a pathway in English."""
    pathways.drawn(pathway, ["en"])
