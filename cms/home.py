"""What a country's home page shows beside its own words."""


def home_context(country, request) -> dict:
    """Return the values of the home page's template."""
    return {"line": None, "request": request}
