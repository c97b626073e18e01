"""The door through which gunicorn enters."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
# The database gives up on a web request that waits too long; what no caller waits for is not limited (settings.base).
os.environ["FANAL_WEB"] = "1"
# A web thread waits three seconds for a lock, the worker twenty: a caller must be answered within five.
os.environ["FANAL_LOCK_WAIT"] = os.environ.get("FANAL_LOCK_WAIT") or "3"
application = get_wsgi_application()

from django.utils import timezone  # noqa: E402 -- the settings are read only now

from cms import away  # noqa: E402 -- the same

away.keep_at_start(timezone.now())
