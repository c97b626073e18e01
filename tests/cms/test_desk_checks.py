"""System checks of the languages: a panel on a base column, a language without catalogue or formats."""

from django.core.checks import run_checks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from cms.desk import checks
from languages import catalogues, table
from tests.sample.models import Leaflet


def test_nothing_is_wrong_as_it_stands():
    assert run_checks(tags=["languages"]) == []


def test_a_panel_on_a_base_column_is_found(monkeypatch):
    panels = [MultiFieldPanel([FieldPanel("heading")]), FieldPanel("summary_en")]
    monkeypatch.setattr(Leaflet, "content_panels", panels)

    found = checks.panels_name_a_language(None)

    assert [(error.id, error.hint) for error in found] == [("languages.E001", "Use heading_en.")]


def test_a_language_that_is_not_whole_is_found(monkeypatch, tmp_path):
    krio = table.Row("kri", "Krio", "Krio", 2, "(n != 1)", ("en",), in_django=False)
    monkeypatch.setattr(table, "TABLE", (*table.TABLE, krio))
    monkeypatch.setitem(table.BY_CODE, "kri", krio)

    assert {error.id for error in checks.every_language_is_whole(None)} == {"languages.E002", "languages.E003"}
    assert not catalogues.path_of("kri").exists()
