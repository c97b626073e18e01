"""The interface catalogues: one shape, complete, counted; fifteen languages that answer."""

import datetime as dt
import gettext

import polib
import pytest
from django.utils import formats, translation
from django.utils.dates import MONTHS, WEEKDAYS

from languages import catalogues, table

CODES = table.CODES
PARTLY = ("rw", "wo", "mg", "ny")  # what learners, callers and agencies read


@pytest.fixture
def scratch(tmp_path):
    """A folder with two small catalogues: English and Arabic."""

    def write(language, *entries):
        path = catalogues.path_of(language, tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        po = polib.POFile()
        po.metadata = catalogues.header(language)
        po.extend(entries)
        po.save(str(path))

    for code in CODES:
        write(code)
    return tmp_path, write


def test_nothing_is_wrong_in_the_committed_catalogues():
    assert [str(finding) for finding in catalogues.check()] == []


@pytest.mark.parametrize("code", CODES)
def test_every_catalogue_compiles_with_the_header_of_the_table(code):
    with catalogues.path_of(code).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert compiled.info()["plural-forms"] == table.BY_CODE[code].plural_header
    assert {compiled.plural(number) for number in range(1200)} <= set(range(table.BY_CODE[code].plurals))


@pytest.mark.long
@pytest.mark.either
@pytest.mark.parametrize("code", [code for code in CODES if code not in ("en", *PARTLY)])
def test_a_language_that_is_whole_leaves_no_message_in_english(code):
    catalogue = polib.pofile(str(catalogues.path_of(code)))

    assert [entry.msgid for entry in catalogue if not (entry.translated() or entry.obsolete)] == []


@pytest.mark.parametrize("code", CODES)
def test_tidying_leaves_no_difference(code, tmp_path):
    target = catalogues.path_of(code, tmp_path)
    target.parent.mkdir(parents=True)
    target.write_bytes(catalogues.path_of(code).read_bytes())

    catalogues.tidy(code, root=tmp_path)

    assert target.read_text() == catalogues.path_of(code).read_text()


def test_counts_tell_what_awaits_a_native_reader(scratch):
    root, write = scratch
    write(
        "fr",
        polib.POEntry(msgid="One", msgstr="Un", comment=catalogues.AWAITING),
        polib.POEntry(msgid="Two", msgstr="Deux", comment="reviewed: somebody 2026-11-01"),
        polib.POEntry(msgid="Three", msgstr=""),
        polib.POEntry(msgid="Four\nlines of it", msgstr="Quatre\nlignes"),
        polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "%(n)s jour", 1: ""}),
    )

    assert catalogues.counts(root)["fr"] == catalogues.Count(total=5, translated=3, awaiting=1)
    assert catalogues.counts(root)["fr"].percent == 60


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (polib.POEntry(msgid="Hello %(name)s", msgstr="مرحبا %(nom)s"), "placeholder"),
        (polib.POEntry(msgid="<b>Now</b>", msgstr="الآن"), "tags"),
        (polib.POEntry(msgid="Now ", msgstr="الآن"), "edge_spaces"),
        (polib.POEntry(msgid="Now", msgstr="\u202eالآن"), "bidi"),
        (polib.POEntry(msgid="Now", msgstr="الآن", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "يوم"}), "plural_forms"),
    ],
)
def test_each_fault_is_found(scratch, entry, code):
    root, write = scratch
    for other in CODES:
        if other != "ar":
            write(other, polib.POEntry(msgid=entry.msgid, msgid_plural=entry.msgid_plural,
                                       msgstr_plural=dict.fromkeys(range(table.BY_CODE[other].plurals), "")
                                       if entry.msgid_plural else {}))  # fmt: skip
    write("ar", entry)

    assert code in {finding.code for finding in catalogues.check(root) if finding.language == "ar"}


def test_a_missing_message_and_a_wrong_header_are_found(scratch):
    root, write = scratch
    write("en", polib.POEntry(msgid="Now"))
    path = catalogues.path_of("fr", root)
    path.write_text(path.read_text().replace("n > 1", "n != 1"))

    found = {(finding.language, finding.code) for finding in catalogues.check(root)}

    assert ("fr", "header") in found
    assert ("fr", "missing") in found


def test_marks_and_foreign_words_survive_a_merge_that_lost_them(scratch):
    root, write = scratch
    write("ht", polib.POEntry(msgid="January", msgstr="janvye", comment=catalogues.AWAITING))
    catalogues.tidy("ht", root=root)
    before = catalogues.entries_in("ht", root)
    write("ht", polib.POEntry(msgid="New", msgstr=""))

    catalogues.tidy("ht", before, root)

    after = catalogues.entries_in("ht", root)
    assert after["", "January", ""].msgstr == "janvye"
    assert catalogues.mark_of(after["", "January", ""]) == catalogues.AWAITING
    assert ("", "New", "") in after


def test_fuzzy_guesses_are_emptied(scratch):
    root, write = scratch
    write("fr", polib.POEntry(msgid="New words", msgstr="Anciens mots", flags=["fuzzy"]))

    catalogues.tidy("fr", root=root)

    assert catalogues.entries_in("fr", root)["", "New words", ""].msgstr == ""


@pytest.mark.parametrize("code", [row.code for row in table.TABLE if not row.in_django])
def test_months_and_days_of_languages_django_lacks(code):
    with translation.override(code):
        assert not {str(MONTHS[n]) for n in MONTHS} & {"January", "February", "October", "December"}
        assert not {str(WEEKDAYS[n]) for n in WEEKDAYS} & {"Monday", "Sunday"}


@pytest.mark.parametrize(
    ("code", "long", "short"),
    [
        ("en", "25 November 2026", "25 Nov 2026"),
        ("id", "25 November 2026", "25-11-2026"),
        ("th", "25 พฤศจิกายน ค.ศ. 2026", "25 พ.ย. ค.ศ. 2026"),
        ("ht", "25 novanm 2026", "25/11/2026"),
        ("rw", "25 Ugushyingo 2026", "25/11/2026"),
        ("wo", "25 Nowàmbar 2026", "25-11-2026"),
        ("mg", "25 Novambra 2026", "25 Nov 2026"),
        ("ny", "25 Novembala 2026", "25/11/2026"),
        ("sw", "25 Novemba 2026", "25/11/2026"),
        ("ar", "25 نوفمبر 2026", "25\u200f/11\u200f/2026"),
        ("bn", "25 নভেম্বর, 2026", "25 নভে., 2026"),
    ],
)
def test_dates_are_written_as_the_table_says(code, long, short):
    day = dt.date(2026, 11, 25)

    with translation.override(code):
        assert formats.date_format(day, "DATE_FORMAT") == long
        assert formats.date_format(day, "SHORT_DATE_FORMAT") == short


@pytest.mark.parametrize("code", CODES)
def test_day_comes_first_and_the_clock_counts_to_24(code):
    evening = dt.datetime(2026, 11, 25, 20, 30)  # noqa: DTZ001 (a wall clock, written as it is)

    with translation.override(code):
        days = [formats.date_format(evening, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")]
        moments = [formats.date_format(evening, name) for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")]
        clock = formats.time_format(evening, "TIME_FORMAT")
        typed = [formats.get_format(f"{name}_INPUT_FORMATS")[0] for name in ("DATE", "TIME", "DATETIME")]

    assert all(words.startswith("25") for words in days + moments)
    assert clock == "20:30"
    assert all(words.endswith("20:30") for words in moments)
    assert not any(form.startswith("%m") or "%I" in form or "%p" in form for form in typed)


def test_table_agrees_with_django_and_itself():
    assert len(CODES) == 15
    for row in table.TABLE:
        info = translation.get_language_info(row.code)
        assert info["bidi"] == row.rtl
        assert all(code in table.BY_CODE for code in row.chain)
        assert translation.to_locale(row.code) == row.folder
        assert not row.chain or row.chain[-1] == table.SOURCE
