"""System checks of the languages: panels name a language's column, and table, catalogues, formats and columns agree."""

from importlib.util import find_spec

from django.apps import apps
from django.core.checks import Error, register
from django.utils.translation import to_locale
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.panels import FieldPanel, Panel, PanelGroup

from languages import catalogues, table
from languages.columns import translated_fields


def panel_names(panels: list[Panel]) -> list[str]:
    """Return the field names of panels, those inside groups too."""
    names = []
    for panel in panels:
        if isinstance(panel, PanelGroup):
            names += panel_names(panel.children)
        elif isinstance(panel, FieldPanel):
            names.append(panel.field_name)
    return names


def base_columns_in_panels(model) -> list[str]:
    """Return the base columns that a model's panels edit: they would hold whatever language the editor reads."""
    declared = [
        *getattr(model, "content_panels", []),
        *getattr(model, "panels", []),
        *getattr(model, "edit_handlers", []),
    ]
    return sorted(set(panel_names(declared)) & set(translated_fields(model)))


@register("languages")
def panels_name_a_language(app_configs, **kwargs) -> list[Error]:
    """Return an error for each panel that edits a base column."""
    return [
        Error(
            f"A panel of {model.__name__} edits {name}, whose language depends on who reads.",
            hint=f"Use {build_localized_fieldname(name, table.SOURCE)}.",
            obj=model,
            id="languages.E001",
        )
        for model in apps.get_models()
        for name in base_columns_in_panels(model)
    ]


@register("languages")
def every_language_is_whole(app_configs, **kwargs) -> list[Error]:
    """Return an error for each language that lacks its catalogue or its formats."""
    errors = []
    for row in table.TABLE:
        if not catalogues.path_of(row.code).exists():
            errors.append(Error(f"{row.english} has no catalogue.", hint="Run ./fanal messages.", id="languages.E002"))
        folder = to_locale(row.code)
        if not find_spec(f"languages.formats.{folder}") and not _django_has_formats(folder):
            hint = f"Write languages/formats/{folder}/formats.py."
            errors.append(Error(f"{row.english} has no formats.", hint=hint, id="languages.E003"))
    return errors


def _django_has_formats(folder: str) -> bool:
    return any(find_spec(f"django.conf.locale.{name}") for name in {folder, folder.partition("_")[0]})
