"""Which fields of a model exist in every language, and what their columns are called."""

from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from languages import table


def translated_fields(model) -> list[str]:
    """Return the names of a model's registered fields, in the order in which the model declares them."""
    try:
        options = translator.get_options_for_model(model)
    except NotRegistered:
        return []
    names = set(options.get_field_names())
    return [field.name for field in model._meta.get_fields() if field.name in names]


def translated_columns(model) -> list[str]:
    """Return the columns of every registered field in every language but the source."""
    return [
        build_localized_fieldname(name, code)
        for name in translated_fields(model)
        for code in table.CODES
        if code != table.SOURCE
    ]
