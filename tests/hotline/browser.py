"""What tests of the telephone in the browser begin with: a live line by which browsers may call, and such a call."""

import pytest

from hotline.models import Line, OperatorState
from hotline.queries.softphone import SCRIPT
from tests.hotline.conftest import Network
from tests.hotline.telephones import REAL

BROWSER_SID = "CA" + "b" * 32
SECRET = "s3cret-of-the-key-of-the-browser"


@pytest.fixture(name="live")
def live_line(line, settings, tmp_path):
    """The line on a real account by which browsers may call, and the provider's script where setup puts it."""
    token = settings.TWILIO_AUTH_TOKEN
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", token
    settings.TWILIO_VOICE_APP, settings.TWILIO_VOICE_KEY = "AP" + "1" * 32, "SK" + "1" * 32
    settings.TWILIO_VOICE_SECRET, settings.VAR_DIR = SECRET, tmp_path
    script = tmp_path / "assets" / SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text("// stands for the provider's script\n")
    Line.objects.update(account=REAL, is_practice=False)
    line.refresh_from_db()
    return line


class RealNetwork(Network):
    """Posts as the real account does."""

    def post(self, path, fields, account=REAL, **headers):
        return super().post(path, fields, account, **headers)

    def browser(self, user, sid=BROWSER_SID, **more):
        """Let somebody's browser call out through the application."""
        fields = {
            "CallSid": sid, "From": f"client:{OperatorState.objects.get(user=user).token}", "To": "",
            "CallStatus": "ringing", "Direction": "inbound", "ApplicationSid": "AP" + "1" * 32,
        }  # fmt: skip
        return self.post("/hotline/twilio/voice/softphone/", fields | more)


@pytest.fixture(name="real")
def real_network(client, live):
    return RealNetwork(client)


def works_in_browser(user, at):
    OperatorState.objects.filter(user=user).update(in_browser=True, seen_at=at)
