"""The telephone in the browser: tried, joins what is taken in the console, is cut, and one key goes on by her own telephone.

The provider's script is another one here, which calls when it is told to; what the provider then asks of us is asked by the
test, signed, of a web process of its own with the account of a real line. No worker serves that account.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from hotline.queries.softphone import SCRIPT
from hotline.telephony import traffic

pytestmark = pytest.mark.browser
# No worker serves the account of that call, so nobody ends it: its operator is freed by hand.
FREE = """
from django.utils import timezone
from hotline.models import Contact, OperatorState
mine = OperatorState.objects.filter(user__email="operator3.lr@example.org")
Contact.objects.filter(pk__in=mine.values("contact")).update(state="done", ended_at=timezone.now(), claimed_by=None)
mine.update(state="ready", contact=None, in_browser=False)
"""

OPERATOR, WAIT = "operator3.lr@example.org", 45_000
ACCOUNT, TOKEN, CALLER, BROWSER = "AC" + "7" * 32, "f0e1d2c3b4a5968778695a4b3c2d1e0f", "CA" + "7" * 32, "CA" + "8" * 31
LINE = f"""
import datetime as dt
from django.utils import timezone
from accounts import actions as accounts
from accounts.models import User
from hotline.actions import operator_state
from hotline.models import DayException, Line, OpeningHours
line, is_new = Line.objects.get_or_create(number="2884", defaults=dict(country_id="LR", name="Browser line", numbers="2884",
    account="{ACCOUNT}", language_keys="1:th", duty_phone="+231770009999", other_number="+231770008888", police_number="911",
    is_practice=True, is_free=True))
if is_new:
    OpeningHours.objects.bulk_create(OpeningHours(line=line, weekday=day, opens=dt.time(0), closes=dt.time(0)) for day in range(7))
    for days in (-1, 0, 1):  # a holiday here or there
        DayException.objects.create(line=line, day=(timezone.now() + dt.timedelta(days=days)).date(), opens=dt.time(0), closes=dt.time(0))
state = operator_state(User.objects.get(email="{OPERATOR}"), at=timezone.now())
accounts.seal(state, "phone", "+231770123456")
state.phone_verified_at, state.uses_phone, state.state, state.contact = timezone.now(), True, "ready", None
state.save()
"""
GONE = f"""
from django.utils import timezone
from hotline.models import Contact, Line, OperatorState
at = timezone.now()
Contact.objects.filter(line__number="2884", ended_at=None).update(state="done", ended_at=at, changed_at=at, claimed_by=None, claimed_until=None)
Line.objects.filter(number="2884").update(is_active=False)
OperatorState.objects.filter(user__email="{OPERATOR}").update(state="off", contact=None, in_browser=False, phone=None,
    phone_verified_at=None, uses_phone=False)
"""
SCRIPT_OF_THE_TEST = """
window.calls = [];
class Call {
  constructor() { this.heard = {}; window.calls.push(this); }
  on(name, act) { (this.heard[name] = this.heard[name] || []).push(act); }
  tell(name, what) { (this.heard[name] || []).forEach((act) => act(what)); }
  disconnect() { if (!this.isOver) { this.isOver = true; this.tell("disconnect", this); } }
}
window.Twilio = { Device: class {
  constructor(token, options) { window.options = options; window.token = token; }
  on() {}
  updateToken(token) { window.token = token; }
  async connect(more) {
    if (more) throw new Error("nothing is sent along");
    const call = new Call();
    const [, told] = window.token.split(".");
    const { grants } = JSON.parse(atob(told.replace(/-/g, "+").replace(/_/g, "/")));
    window.network(window.calls.length, grants.identity).then((isAnswered) => {
      if (!isAnswered) { call.disconnect(); return; }
      call.tell("accept", call);
      call.tell("sample", { totals: { packetsReceived: 300, packetsLostFraction: 0.1 }, rtt: 90, jitter: 4 });
    });
    return call;
  }
} };
"""


class Provider:
    """What the provider would ask of us, signed."""

    def __init__(self, site):
        self.site, self.count, self.rooms, self.lost = site, 0, [], set()

    def post(self, path, **fields):
        request = traffic.signed(path, fields, account=ACCOUNT, token=TOKEN, base=self.site)
        headers = {"Content-Type": traffic.FORM, "X-Twilio-Signature": request.headers["HTTP_X_TWILIO_SIGNATURE"]}
        asked = urllib.request.Request(self.site + path, request.body, headers)  # noqa: S310 -- a loopback address of ours
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310
            return answer.read().decode()

    def caller(self, step="", turn=0, **more):
        path = f"/hotline/twilio/voice/{step}/?t={turn}" if step else "/hotline/twilio/voice/"
        return self.post(
            path, **{"CallSid": CALLER, "From": "+231770000044", "To": "2884", "CallStatus": "in-progress"} | more
        )

    def room(self, event):
        self.count += 1
        name, label, nth = self.rooms[-1]
        said = {
            "ConferenceSid": "CF" + "7" * 32,
            "FriendlyName": name,
            "StatusCallbackEvent": event,
            "ParticipantLabel": label,
        }
        self.post(
            "/hotline/twilio/status/",
            **said,
            CallSid=f"{BROWSER}{nth}",
            SequenceNumber=str(self.count),
        )

    def browser(self, nth, identity):
        """Let the browser call out; tell whether anything but a goodbye answers it. A call of `lost` ends before the room."""
        said = {"CallSid": f"{BROWSER}{nth}", "From": f"client:{identity}", "To": "", "CallStatus": "ringing"}
        document = self.post("/hotline/twilio/voice/softphone/", **said, Direction="inbound")
        if nth in self.lost:
            return False
        if "<Conference" in document:
            name, label = (
                document.split("</Conference>")[0].rpartition(">")[2],
                document.split('participantLabel="')[1].split('"')[0],
            )
            self.rooms.append((name, label, nth))
            self.room("participant-join")
        return "<Conference" in document or "<Pause" in document


@pytest.fixture
def site(demo_served, hand):
    """A web process beside the demo, on its data, with an account by which browsers may call."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    voice = {"APP": "AP" + "7" * 32, "KEY": "SK" + "7" * 32, "SECRET": "a-secret-of-the-browser-test"}
    environment = demo_served[1] | {
        "PORT": str(port), "FANAL_PUBLIC_URL": address, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN, **{f"TWILIO_VOICE_{name}": value for name, value in voice.items()},
    }  # fmt: skip
    script = os.path.join(environment["FANAL_VAR"], "assets", SCRIPT)  # noqa: PTH118
    os.makedirs(os.path.dirname(script), exist_ok=True)  # noqa: PTH103, PTH120
    with open(script, "w") as file:  # noqa: PTH123
        file.write(SCRIPT_OF_THE_TEST)
    hand(LINE)
    order = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with subprocess.Popen(order, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"{address}/livez", timeout=2)  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.3)
            yield address
        finally:
            process.terminate()
            hand(GONE)
            os.remove(script)  # noqa: PTH107


def test_the_browser_is_tried_joins_a_call_is_cut_and_her_own_telephone_goes_on(site, visit, assert_accessible, hand):
    page, provider = visit(), Provider(site)
    page.context.expose_function("network", provider.browser)

    def without_digest(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("integrity=", "data-digest="))

    page.context.route("**/console/softphone/", without_digest)
    page.goto(f"{site}/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    with page.expect_navigation():
        page.locator("li", has=page.get_by_text(OPERATOR, exact=True)).get_by_role("button").click()
    page.goto(f"{site}/en/console/")
    assert (
        "The browser can be your telephone" in page.locator("#softphone").inner_text()
        or "Your own telephone rings" in page.locator("#softphone").inner_text()
    )

    with page.expect_popup() as opened:
        page.keyboard.press("F2")
    phone = opened.value
    phone.get_by_text("The browser is your telephone.", exact=True).wait_for(timeout=WAIT)
    assert phone.evaluate("window.options.publishEvents") is False
    assert set(phone.evaluate("Object.values(window.options.sounds)")) == {"/static/hotline/telephone.wav"}
    assert_accessible(phone)
    page.locator("#softphone-state", has_text="Ready.").wait_for(timeout=WAIT)
    assert_accessible(page)

    provider.lost = {
        2
    }  # the first call after the trial: its end is never reported, and the second one comes all the same
    provider.caller()
    provider.caller("language", 1, Digits="1")
    waiting = page.locator("#queue li", has=page.locator('bdi[lang="th"]'))
    waiting.get_by_role("button").focus(timeout=WAIT)
    page.keyboard.press("Enter")
    phone.get_by_text("You are in the call.").wait_for(timeout=WAIT)
    page.locator("#act-hold").wait_for(timeout=WAIT)
    page.locator("#softphone-state", has_text="In the call.").wait_for(timeout=WAIT)

    phone.evaluate("window.calls.at(-1).tell('reconnecting', {})")
    phone.get_by_text("The connection is lost. It is being restored…").wait_for()
    page.locator("#say-at-once", has_text="your keys go on working").wait_for(state="attached")
    page.keyboard.press("?")
    page.locator("#keys-dialog[open]").wait_for()
    page.keyboard.press("Escape")
    phone.evaluate("window.calls.at(-1).disconnect()")
    phone.get_by_text("The call was cut.").wait_for()
    provider.room("participant-leave")
    provider.caller("left", 2, DialCallStatus="answered")
    page.get_by_text("Take the cut call by my telephone").wait_for(timeout=WAIT)
    assert_accessible(page)
    page.keyboard.press("F4")
    page.get_by_text("Your telephone is joining the room.").wait_for(timeout=WAIT)
    assert "Your own telephone rings." in page.locator("#softphone").inner_text()
    hand(FREE)
