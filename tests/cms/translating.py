"""What tests of the translation desk ask of the leaflet."""

from languages.models import Unit


def unit_of(path="heading", language="fr"):
    """Return the text of a part of the leaflet in a language."""
    return Unit.objects.get(segment__path=path, language=language)
