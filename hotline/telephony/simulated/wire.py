"""The wire of the simulated network: time, names, signed requests, and what an observer hears."""

import datetime as dt
import hashlib
import hmac
import itertools
from collections.abc import Callable
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

from hotline.telephony import signature
from hotline.telephony.simulated.faults import Chance, Faults
from hotline.telephony.simulated.parts import PACE, Asked, Behaviour, Heard, NetworkDown, SimCall, SimRoom, Transport

LATEST = 8.0  # seconds after which a late report comes at the latest: others overtake it


class Wire:
    """What every part of the network stands on."""

    def __init__(
        self, transport: Transport, *, account: str, token: str, base_url: str, clock: Callable[[], dt.datetime],
        observer: Callable[[Heard | Asked], None] | None = None, seed: object = 0, pace: float = PACE,
        fallback: str = "", behaviours: Callable[[str], Behaviour] | None = None,
    ):  # fmt: skip
        self.transport, self.account, self.token, self.clock = transport, account, token, clock
        self.base_url, self.observer, self.pace, self.fallback = base_url.rstrip("/"), observer, pace, fallback
        self.behaviours = behaviours or (lambda to: Behaviour(answers=to.startswith("client:")))
        self.calls: dict[str, SimCall] = {}
        self.rooms: dict[str, SimRoom] = {}
        self.recordings: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.twice = False
        self.chance = Chance(Faults())
        self.later: list[tuple[dt.datetime, int, Callable[[], object]]] = []
        self._seed, self._count = seed, itertools.count(1)

    def _after(self, call: SimCall, seconds: float, then: Callable[[], None]) -> None:
        call.due, call.then = self.clock() + dt.timedelta(seconds=seconds), then

    def _later(self, seconds: float, then: Callable[[], object]) -> None:
        """Let something happen after a while, whatever the telephones do meanwhile."""
        self.later.append((self.clock() + dt.timedelta(seconds=seconds), next(self._count), then))

    def _said_at(self) -> str:
        """Return the time as the network's clock has it."""
        return format_datetime(self.clock() + dt.timedelta(seconds=self.chance.faults.ahead))

    def _chance(self, call: SimCall | None) -> Chance:
        """Return what may go wrong on a telephone: its own faults, else those of the whole network."""
        return (call.chance if call is not None else None) or self.chance

    def new_sid(self, prefix: str) -> str:
        """Return the next SID of this network: the same seed gives the same ones."""
        text = f"{self._seed}|{prefix}|{next(self._count)}"
        return prefix + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def _call_fields(self, call: SimCall) -> dict[str, str]:
        fields = {
            "CallSid": call.sid, "From": call.from_, "To": call.to, "CallStatus": call.status,
            "Direction": call.direction, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if call.parent is not None:
            fields["ParentCallSid"] = call.parent.sid
        return fields

    def _callback(self, url: str, fields: dict[str, str], call: SimCall | None) -> None:
        """Report something: once, or twice, late or never, as chance has it."""
        chance = self._chance(call)
        if chance.of("lost"):
            return
        for _copy in range(2 if chance.of("twice") else 1):
            if chance.of("late"):
                self._later(chance.seconds(LATEST), lambda: self._request(url, fields, call))
            else:
                self._request(url, fields, call)

    def _request(self, url: str, fields: dict[str, str], call: SimCall | None) -> tuple[int, str]:
        """Post one signed request, twice where that was asked for; return status and text of the last."""
        bare = url.partition("#")[0]
        pairs = fields | {"AccountSid": self.account}
        text = signature.signed_text(bare, {name: [value] for name, value in pairs.items()})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature.signature(self.token, text),
            "I-Twilio-Idempotency-Token": hmac.digest(self.token.encode(), f"{bare}{text}".encode(), "sha256").hex()[
                :36
            ],
        }
        twice, self.twice = (self.twice, False) if "Digits" in fields else (False, self.twice)
        twice = twice or ("Digits" in fields and self._chance(call).of("twice"))
        answer = (0, "")
        for repeat in (False, True)[: 2 if twice else 1]:
            answer = self._post(bare, headers, urlencode(pairs).encode(), fields, call, repeat)
        return answer

    def _post(
        self, url: str, headers: dict[str, str], body: bytes, fields: dict, call, repeat: bool
    ) -> tuple[int, str]:
        degraded = False
        try:
            status, found, text = self.transport("POST", url, headers, body)
            degraded = any(name.lower() == "x-fanal-degraded" for name in found)
        except NetworkDown:
            status, text = 0, ""
        path = urlsplit(url).path + (f"?{urlsplit(url).query}" if urlsplit(url).query else "")
        self._observe(Asked(call.sid if call else "", self.clock(), path, dict(fields), status, repeat, degraded))
        return status, text

    def _tell(self, call: SimCall, kind: str, text: str = "", language: str = "", written: bool = False) -> None:
        self._observe(Heard(call.sid, self.clock(), kind, text, language, written))

    def _observe(self, what: Heard | Asked) -> None:
        if self.observer is not None:
            self.observer(what)
