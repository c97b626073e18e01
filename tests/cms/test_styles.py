import gzip

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
