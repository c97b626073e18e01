import gzip
import re

from django.conf import settings

from cms import styles


def test_build_joins_the_sheets(tmp_path):
    written = styles.build(tmp_path)

    assert [path.name for path in written] == ["public.css", "staff.css"]
    assert "--lamp:#F2B33D" in written[0].read_text(encoding="utf-8")


def test_public_sheet_keeps_its_budget(tmp_path):
    public = styles.build(tmp_path)[0]

    assert len(gzip.compress(public.read_bytes())) <= 10 * 1024


def test_tables_fold_on_the_narrow_screens_of_everybody(tmp_path):
    for sheet in styles.build(tmp_path):
        written = sheet.read_text(encoding="utf-8")

        assert ".fold tr{display:grid" in written
        assert ".fold td[data-h]::before" in written


def test_no_page_begins_right_below_the_header(tmp_path):
    public = styles.build(tmp_path)[0].read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", public)
    padded = {name.strip() for names, rule in rules if "padding-block:" in rule for name in names.split(",")}

    for page in settings.BASE_DIR.glob("*/templates/**/*.html"):
        text = page.read_text(encoding="utf-8")
        classes = re.search(r'block main_attributes %\}class="([^"]*)"', text)
        if text.startswith('{% extends "base.html" %}') and "staff.css" not in text and classes:
            assert padded.intersection(f".{name}" for name in classes[1].split()), page.name
