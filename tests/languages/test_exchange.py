"""PO files out and in: identity, outcomes, bad files."""

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from languages import actions, exchange, queries, text
from languages.models import Unit
from tests.languages.conftest import FRENCH

CLEANED = st.text(max_size=40).map(text.clean)
LINES = st.builds(
    exchange.Line,
    path=st.from_regex(r"[a-z]{1,8}(\.[a-z0-9-]{1,8}){0,3}", fullmatch=True),
    source=CLEANED.filter(bool),
    target=CLEANED,
    digest=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    unit_version=st.integers(0, 99),
    kind=st.sampled_from(["line", "text", "rich"]),
    max_length=st.none() | st.integers(1, 999),
    note=CLEANED.map(lambda words: " ".join(words.split())),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, max_size=6), st.sampled_from(["fr", "pt-br", "ar"]))
def test_what_is_written_is_read_back(lines, language):
    file = exchange.File("training.lesson:12", language, tuple(lines))

    assert exchange.read_po(exchange.write_po(file)) == file


def _po(leaflet, language="fr", **targets):
    """Return an export of the leaflet with some targets replaced, by path."""
    file = queries.exchange_file(leaflet, language)
    lines = tuple(
        exchange.Line(**(line.__dict__ | {"target": targets.get(line.path, line.target)})) for line in file.lines
    )
    return exchange.write_po(exchange.File(file.thing, language, lines))


def _codes(report):
    return {found.line.path: found.code for found in report.outcomes}


def test_importing_an_export_changes_nothing(french, at, by):
    before = list(Unit.objects.values())

    report = actions.dry_run(french, "fr", _po(french))
    actions.import_lines(french, "fr", _po(french), confirmed=report.fingerprint, by=by, at=at)

    assert set(_codes(report).values()) == {"unchanged"}
    assert list(Unit.objects.values()) == before


def test_each_outcome(french, at, by, segment):
    stale = _po(french, summary="<1>En résumé</1>")
    row = type(french).objects.get(pk=french.pk)
    row.summary_en = "<p>In a word</p>"
    row.save_revision().publish()
    actions.save_target(segment=segment("body.p1"), language="fr", text="Autre", version=1, by=by, at=at)
    content = polib.pofile(stale.decode())
    content.append(polib.POEntry(msgctxt=content[0].msgctxt.replace("heading", "gone"), msgid="x", msgstr="y",
                                 comment=content[0].comment))  # fmt: skip
    new = {
        "body.w1": "<1>Appelez le 116.</1>",
        "body.p1": "Encore autre",
        "body.c1.question": "Q" * 30,
        "body.c1.choices.i1.text": "E" * 81,
        "body.c1.choices.i2.text": "",
        "heading": "Avant le départ",
    }
    for entry in content:
        entry.msgstr = new.get(entry.msgctxt.split(" ")[1], entry.msgstr)

    report = actions.dry_run(row, "fr", str(content).encode())

    assert _codes(report) == {
        "heading": "matched",
        "summary": "stale",
        "body.w1": "placeholder_broken",
        "body.p1": "conflict",
        "body.c1.question": "matched",
        "body.c1.choices.i1.text": "too_long",
        "body.c1.choices.i2.text": "empty",
        "gone": "unknown",
    }
    actions.import_lines(row, "fr", str(content).encode(), confirmed=report.fingerprint, by=by, at=at)
    heading = Unit.objects.get(segment__path="heading", language="fr")
    assert (heading.draft, heading.live, heading.origin) == ("Avant le départ", FRENCH["heading"], "import")
    summary = Unit.objects.get(segment__path="summary", language="fr")
    assert (summary.draft, summary.draft_version, summary.segment.version) == ("<1>En résumé</1>", 1, 2)
    assert Unit.objects.get(segment__path="body.p1", language="fr").draft == "Autre"


def test_markup_and_doubled_lines_are_refused(french):
    unsafe = actions.dry_run(french, "fr", _po(french, summary="<1>En bref<script>x</script></1>"))
    content = polib.pofile(_po(french).decode())
    content.append(content[0])
    doubled = actions.dry_run(french, "fr", str(content).encode())

    assert _codes(unsafe)["summary"] == "unsafe"
    assert [found.code for found in doubled.outcomes if found.line.path == "heading"] == ["doubled", "doubled"]


def test_an_import_that_was_not_confirmed_writes_nothing(french, at, by, segment):
    content = _po(french, heading="Autre titre")
    report = actions.dry_run(french, "fr", content)
    actions.save_target(segment=segment("heading"), language="fr", text="Vite", version=1, by=by, at=at)

    with pytest.raises(actions.ImportChangedMeanwhile):
        actions.import_lines(french, "fr", content, confirmed=report.fingerprint, by=by, at=at)

    assert Unit.objects.get(segment__path="heading", language="fr").draft == "Vite"


def test_a_file_of_another_language_is_refused_whole(french):
    with pytest.raises(exchange.WrongObject):
        actions.dry_run(french, "es", _po(french))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda po: po.decode().encode("latin-1", "replace") + b"\xe9", "not_utf8"),
        (lambda po: po.replace(b"charset=UTF-8", b"charset=ISO-8859-1"), "charset"),
        (lambda po: po.replace(b"X-Fanal-Object", b"X-Other"), "header"),
        (lambda po: po.replace(b"#. fanal", b"#. other"), "lost_comment"),
        (lambda po: po.replace(b" unit=", b" unit=" + b"1" * 5000, 1), "lost_comment"),
        (lambda po: po.replace(b" limit=", b" limit=" + b"1" * 5000, 1), "lost_comment"),
        (lambda po: po.replace(b" unit=", b" unit=" + b"1" * 20, 1), "lost_comment"),
        (lambda po: po + b"\ngarbage here\n", "broken_line"),
        (lambda po: po.rstrip()[:-2], "broken_line"),
        (lambda po: b"/etc/passwd", "no_po"),
        (lambda po: b"x" * (exchange.MAX_BYTES + 1), "too_large"),
    ],
)
def test_bad_files_are_refused_before_anything_is_believed(french, spoil, code):
    with pytest.raises(exchange.BadFile) as caught:
        exchange.read_po(spoil(_po(french)))

    assert caught.value.code == code


def test_too_many_lines_are_refused():
    entry = '#. fanal {0} unit=0 kind=line limit=0\nmsgctxt "a:1 p{1}"\nmsgid "x{1}"\nmsgstr ""\n\n'
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: fr\\n"\n"X-Fanal-Object: a:1\\n"\n\n'
    content = head + "".join(entry.format("0" * 32, number) for number in range(exchange.MAX_LINES + 1))

    with pytest.raises(exchange.BadFile) as caught:
        exchange.read_po(content.encode())

    assert (caught.value.code, caught.value.what) == ("too_many", "20001")


def test_a_byte_order_mark_is_accepted(french):
    assert exchange.read_po(b"\xef\xbb\xbf" + _po(french)) == exchange.read_po(_po(french))


def test_a_path_is_never_opened(tmp_path):
    trap = tmp_path / "msgid"
    trap.write_text('msgid ""\nmsgstr "x"\n')

    with pytest.raises(exchange.BadFile):
        exchange.read_po(str(trap).encode())
