"""The door through which gunicorn enters."""

import os
import sys

from django.core.wsgi import get_wsgi_application

# With this code gunicorn ends, instead of starting the same process again and again.
NOT_BOOTED = 3
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
# The database gives up on a web request that waits too long; what no caller waits for is not limited (settings.base).
os.environ["FANAL_WEB"] = "1"
# A web thread waits three seconds for a lock, the worker twenty: a caller must be answered within five.
os.environ["FANAL_LOCK_WAIT"] = os.environ.get("FANAL_LOCK_WAIT") or "3"
# A thread that answers a caller gives the interpreter up at each statement and waits this long to get it back from one
# that draws a page: with the usual 5 ms a call of six statements could wait 100 ms for one console.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()

from django.utils import timezone  # noqa: E402 -- the settings are read only now

from cms import away, demo_guard, warm  # noqa: E402 -- the same

try:
    demo_guard.refuse_to_open()
except demo_guard.NotADemo as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(NOT_BOOTED) from error
away.keep_at_start(timezone.now())
warm.warm()
