"""What a web process does before it answers: read the addresses, compile the statements, parse the parts of the console.

Else the first who ask wait a second for it, and a caller waits behind them.
"""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.template.loader import get_template
from django.urls import get_resolver

from languages import statements


def warm() -> None:
    """Do it once; a database that is away is met by whoever asks it first."""
    get_resolver().url_patterns  # noqa: B018 -- with the addresses come the views, and with them their statements
    statements.compile_all()
    folder = Path(apps.get_app_config("hotline").path) / "templates" / "hotline"
    for part in sorted(folder.glob("_*.html")):
        get_template(f"hotline/{part.name}")
    connection.close()
