import pytest
from django.utils import translation

from accounts import officials
from accounts.choices import COLUMN_WORDS
from accounts.models import Country, Office
from accounts.queries.offices import known_for_import
from tests.accounts.lists import GOOD, HEADER, KNOWN, read


def faults(row, known=KNOWN):
    (official,) = read(row, known=known).rows
    return [(fault.column, fault.code) for fault in official.faults]


def test_a_good_row_is_understood():
    (row,) = read("Aïssatou B (example),A@Office.example,COURT A (example),Liberia,français\n").good

    assert (row.number, row.email, row.country, row.office, row.language) == (2, "a@office.example", "LR", 1, "fr")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_stand_in_any_order_and_with_any_usual_delimiter(delimiter):
    header = delimiter.join(["Language", " COUNTRY", "Office", "E-Mail", "name"]) + "\r\n"
    row = delimiter.join(["en", "LR", "Court A (example)", "a@office.example", "N"]) + "\r\n"

    assert read(row, header=header).good[0].email == "a@office.example"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252")],
)
def test_the_encoding_is_found_and_named(encoding, named):
    reading = read("Élodie,a@office.example,Court A (example),LR,en\n", encoding=encoding)

    assert reading.rows[0].cells["name"] == "Élodie"
    assert reading.encoding == named


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (",a@x.example,Court A (example),LR,en", [("name", "empty")]),
        ("=HYPERLINK(1),a@x.example,Court A (example),LR,en", [("name", "formula")]),
        ("+N,a@x.example,Court A (example),LR,en", [("name", "formula")]),
        ("@N,a@x.example,Court A (example),LR,en", [("name", "formula")]),
        ("N" * 151 + ",a@x.example,Court A (example),LR,en", [("name", "too_long")]),
        ("a\u202eb,a@x.example,Court A (example),LR,en", [("name", "hidden_signs")]),
        ("a\0b,a@x.example,Court A (example),LR,en", [("name", "hidden_signs")]),
        ("Ravo 🙂,a@x.example,Court A (example),LR,en", [("name", "pictures")]),
        ('"a\nb",a@x.example,Court A (example),LR,en', [("name", "lines")]),
        ("N,not an address,Court A (example),LR,en", [("email", "bad_address")]),
        ("N,a@x,Court A (example),LR,en", [("email", "bad_address")]),
        ("N,a@x.example\u00a0b,Court A (example),LR,en", [("email", "bad_address")]),
        ("N,KNOWN@office.example,Court A (example),LR,en", [("email", "taken")]),
        ("N,a@x.example,Court A (example),Atlantis,en", [("country", "unknown_country")]),
        ("N,a@x.example,Court Z,LR,en", [("office", "unknown_office")]),
        ("N,a@x.example,Poste B,LR,en", [("office", "office_elsewhere")]),
        ("N,a@x.example,Court A (example),LR,tlh", [("language", "unknown_language")]),
        (",,,,", []),
        ("N", [("email", "empty"), ("office", "empty"), ("country", "empty"), ("language", "empty")]),
    ],
)
def test_a_bad_cell_is_refused_with_its_column_and_reason(row, found):
    if row == ",,,,":
        with pytest.raises(officials.FileRefused, match="no_rows"):
            read(row)
    else:
        assert faults(row) == found


def test_an_office_of_another_country_names_that_country():
    (row,) = read("N,a@x.example,Poste B,LR,en\n").rows

    assert row.faults == [officials.Fault("office", "office_elsewhere", "HT")]


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n'])
def test_the_line_by_which_a_spreadsheet_names_its_delimiter_is_read(line):
    header = line + "name;e-mail;office;country;language\n"

    assert read("N, M;a@x.example;Court A (example);LR;en\n", header=header).good[0].cells["name"] == "N, M"


@pytest.mark.parametrize(("line", "first"), [("", 2), ("sep=;\n", 3), ("sep=;\r\n\r\n", 4)])
def test_rows_are_numbered_by_the_lines_of_the_file_whatever_stands_before_the_head(line, first):
    header = line + "name;e-mail;office;country;language\n"
    typed = "N;a@x.example;Court A (example);LR;en\n\nM;a@x.example;Court A (example);LR;en\n"

    rows = read(typed, header=header).rows

    assert [row.number for row in rows] == [first, first + 2]
    assert rows[1].faults == [officials.Fault("email", "double", str(first))]


def test_columns_may_be_named_in_the_language_of_the_page(haiti, administrator):
    Office.objects.create(country=haiti, name="Poste B", kind="border")
    with translation.override("fr"):
        known = known_for_import(administrator)
        header = ";".join(str(COLUMN_WORDS[name]) for name in officials.COLUMNS) + "\n"

    assert "Nom" in header
    assert read("N;a@x.example;Poste B;HT;fr\n", header=header, known=known).good[0].office


def test_a_country_may_be_named_in_any_language_of_the_programme(haiti, administrator):
    Office.objects.create(country=haiti, name="Poste B", kind="border")
    Country.objects.filter(pk="HT").update(name_fr="Haïti", name_ht="Ayiti")

    known = known_for_import(administrator)

    for name in ("Haiti", "Haïti", "ayiti", "ht"):
        assert read(f"N,a@x.example,Poste B,{name},fr\n", known=known).good[0].country == "HT"


def test_half_a_sign_of_utf_16_is_refused():
    with pytest.raises(officials.FileRefused, match="not_csv"):
        officials.read(b"\xff\xfen\x00a", KNOWN)


def test_a_double_names_the_first_row():
    first, second = read("N,a@x.example,Court A (example),LR,en\nM,A@x.example,Court A (example),LR,en\n").rows

    assert first.faults == []
    assert second.faults == [officials.Fault("email", "double", "2")]


def test_a_manager_brings_in_her_own_country_only():
    known = officials.Known(KNOWN.countries, KNOWN.offices, allowed_countries=frozenset({"HT"}))

    assert faults("N,a@x.example,Court A (example),LR,en", known) == [("country", "other_country")]
    assert faults("N,a@x.example,Nowhere,LR,en", known) == [("country", "other_country")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEADER.encode(), "no_rows"),
        (b"name,office,country,language\nx,y,z,w", "missing_columns"),
        (b"name,e-mail,email,office,country,language\n", "double_column"),
        (b"\x81\x8d\x8f", "not_csv"),
        (b"%PDF-1.7\n1 0 obj", "not_csv"),
        (b"PK\x03\x04" + b"\x00" * 50, "not_csv"),
        (b"\x7fELF\x02\x01\x01\x00", "not_csv"),
        (HEADER.encode() + b"N,a@x.example,Court,LR,en\n" * 2001, "too_many_rows"),
        (b"x" * 1_000_001, "too_large"),
        (HEADER.strip().encode() + b",a" * 96 + b"\nN,a@x.example,Court,LR,en\n", "too_many_columns"),
        (b"a," * 490_000 + b"e-mail\nx\n", "too_many_columns"),
        (HEADER.encode() + b'"a"b,', "not_a_table"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_reason(content, code):
    with pytest.raises(officials.FileRefused) as refused:
        officials.read(content, KNOWN)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("more", "named"),
    [(2, ["c0", "c1"]), (20, [f"c{n}" for n in range(20)]), (95, [*(f"c{n}" for n in range(20)), "…"])],
)
def test_of_many_columns_that_are_not_used_the_first_are_named(more, named):
    heads = "".join(f",c{number}" for number in range(more))

    reading = read("N,a@x.example,Court A (example),LR,en\n", header=HEADER.strip() + heads + "," * 5000 + "\n")

    assert reading.unused == named
    assert len(reading.good) == 1


@pytest.mark.parametrize("name", ["officials.xlsx", "OFFICIALS.XLS", "list.ods"])
def test_a_file_of_another_name_is_no_csv_unless_it_reads_as_one(name):
    with pytest.raises(officials.FileRefused, match="not_csv"):
        officials.read(b"PK", KNOWN, name)

    assert officials.read(HEADER.encode() + GOOD.encode(), KNOWN, name).rows


def test_columns_that_are_not_used_are_named():
    reading = read("N,a@x.example,Court A (example),LR,en,5\n", header=HEADER.strip() + ",shoe size\n")

    assert reading.unused == ["shoe size"]
