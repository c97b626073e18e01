"""What is late though callers and staff feel nothing of it yet: the word `late` of /readyz, counted by `./fanal doctor`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.queries.letters import stuck_letters
from accounts.queries.rotation import letters_without_key
from cms.health import Fault
from cms.models import Heartbeat
from hotline.queries.circuit import silent_accounts
from hotline.queries.contacts import count_at_no_line
from hotline.queries.fetching import LATELY, count_given_up, count_lost_recordings
from hotline.queries.heartbeat import is_no_sign
from hotline.queries.holes import lines_unanswered_soon
from hotline.queries.marks import noted_at
from hotline.queries.police import lines_without_police
from hotline.queries.post import LONGEST_WAIT, count_late_orders, count_lost_texts, waiting_texts
from hotline.queries.self_calls import lines_not_heard
from hotline.queries.spoken import LOST
from hotline.queries.sweeping import LATE, accounts_without_secret, late_lists, late_rows
from hotline.queries.untaken import untaken
from referral.queries.behind import count_behind

# What somebody else than the product does each day (README, Backups): it tells us when it was done.
CHORES = {
    "anchor": "No anchor of the audit log was written for two days: run manage.py anchor_audit each day (README).",
    "backup": "No backup was noted for two days: run manage.py note_backup after each one that is whole (README).",
}
DONE_WITHIN = timedelta(days=2)
LOOK_AT_MAIL = "look at FANAL_EMAIL_HOST and what belongs to it; manage.py sendtestemail ADDRESS shows what the mail server answers"


def chores() -> list[Fault]:
    """Return all of it: a reason to look, not to stop."""
    checks = (
        _waiting, _mail, _at_no_line, _not_asked, _not_answering, _self_calls, _without_secret, _lost, _without_sound, _given_up, _texts, _behind, _roster, _police,
        _untaken, _undone,
    )  # fmt: skip
    return [fault for check in checks for fault in check()]


def _waiting() -> list[Fault]:
    """Return what waits for a seal key that is away, also where newer rows open again."""
    letters, texts = letters_without_key(), waiting_texts(timezone.now())
    if not letters and not texts:
        return []
    return [
        Fault(
            "waiting",
            f"{letters} letters and {texts} texts wait longer than they should. Where what they were sealed with is not in"
            " FANAL_SEAL_KEYS, put that key back: nothing of them is lost, they leave by themselves.",
        )
    ]


def _roster() -> list[Fault]:
    """Return that a line has a time within a day in which nobody would answer: its supervisors were told by letter."""
    if not (count := lines_unanswered_soon(timezone.now())):
        return []
    return [
        Fault(
            "roster",
            f"{count} lines have a time within the next 24 hours at which nobody on the roster would answer: calls go to"
            " the duty phone or to a message. Supervisors see it on the roster.",
        )
    ]


def _police() -> list[Fault]:
    """Return the lines that people call and that name no number of the police: they were opened before it was asked for."""
    if not (lines := lines_without_police()):
        return []
    return [
        Fault(
            "police",
            f"The lines {', '.join(lines)} name no number of the police: who is in danger there hears the line's other"
            " number. Write the local police number, or that of another emergency service, on the page of the line (/en/lines/).",
        )
    ]


def _mail() -> list[Fault]:
    """Return what a mail server did not take: nobody else may be there who could see it, nor any other way to tell."""
    now = timezone.now()
    stuck = stuck_letters(before=now - LONGEST_WAIT, since=now - LATELY)
    if not (stuck.waiting or stuck.given_up):
        return []
    return [
        Fault(
            "mail",
            f"{stuck.waiting} letters were refused and have waited for half an hour and more, {stuck.given_up} were given up"
            f" in the last {LATELY.days} days ({', '.join(stuck.faults)}): {LOOK_AT_MAIL}. What waits goes by itself. Of what"
            " was given up an administrator sends the invitations again at /en/letters/; where none can sign in yet, run"
            " open_country again, which invites the first one anew.",
        )
    ]


def _at_no_line() -> list[Fault]:
    """Return what reached a number of no line: the account has a number that nobody set up here, or took off a line."""
    if not (count := count_at_no_line(timezone.now())):
        return []
    return [
        Fault(
            "no_line",
            f"{count} calls or texts came to a number that belongs to no line, and no operator sees them: an administrator"
            " finds them in the call log. Put that number on its line, or give it back to the provider; then close them.",
        )
    ]


def _not_asked() -> list[Fault]:
    """Return what the sweep is behind with: events that were lost meanwhile are found by nothing else."""
    now = timezone.now()
    words = []
    if rows := late_rows(now):
        words.append(
            f"{rows} calls and texts that never reported their end were not asked for in the last quarter of an hour."
        )
    if accounts := late_lists(now):
        words.append(
            f"A list of calls, texts or recordings could not be read for a quarter of an hour of {', '.join(accounts)}."
        )
    why = "The worker's log says why (row_not_asked, list_not_read): look at the secrets and the network."
    return [Fault("sweep", " ".join([*words, why]))] if words else []


def _not_answering() -> list[Fault]:
    """Return the accounts that did not answer five times in a row: nothing is ordered of them but hang-ups and probes."""
    if not (accounts := silent_accounts(timezone.now())):
        return []
    return [
        Fault(
            "circuit",
            f"The provider does not answer for {', '.join(accounts)}. Calls go on: telephones of those on shift are rung"
            " without it. Orders and texts wait and leave by themselves; look at the network of this server, then at the"
            " provider's own page of its state.",
        )
    ]


def _self_calls() -> list[Fault]:
    """Return the lines that did not hear themselves: callers may not be answered, whatever everything else says."""
    if not (lines := lines_not_heard(timezone.now())):
        return []
    return [
        Fault(
            "self_call",
            f"The lines {', '.join(lines)} called themselves and did not hear their own steps. Call them from another"
            " telephone; then look at the number's addresses at the provider (doctor compares them) and at the proxy.",
        )
    ]


def _without_secret() -> list[Fault]:
    """Return the accounts that rows still need and that nobody here can ask: their calls and texts have no end."""
    if not (accounts := accounts_without_secret(timezone.now())):
        return []
    return [
        Fault(
            "account",
            f"Calls, texts or orders need an account without a secret ({', '.join(accounts)}): put it back into"
            " TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN until nothing needs it. Without it calls are closed after 4 hours"
            " and texts after 20, as if they had failed.",
        )
    ]


def _lost() -> list[Fault]:
    """Return the recorded messages that nobody can hear, until their contacts are followed up."""
    if not (count := count_lost_recordings()):
        return []
    return [
        Fault(
            "lost",
            f"{count} recorded messages could not be fetched from the provider. Their contacts are among the missed ones:"
            " a supervisor may get the message from the provider's own pages; then close the follow-up.",
        )
    ]


def _without_sound() -> list[Fault]:
    """Return that a recording which a line plays was asked for lately and was gone: callers heard another one, or silence."""
    noted = noted_at(LOST, timezone.now())
    if noted is None or timezone.now() - noted > LATELY:
        return []
    return [
        Fault(
            "sound",
            f"A recording that a line plays was gone at {noted:%Y-%m-%d %H:%M} UTC, and callers heard another one in its"
            " place, or silence: look at the prompts of the lines, and put the row back from a backup or record it anew.",
        )
    ]


def _given_up() -> list[Fault]:
    """Return the orders that were given up lately although something is lost or left behind with them."""
    if not (count := count_given_up(timezone.now())):
        return []
    return [
        Fault(
            "given_up",
            f"{count} orders to the provider were given up in the last {LATELY.days} days: something was not fetched, or"
            " not deleted there. The timelines of their contacts say why: look at the provider's account.",
        )
    ]


def _untaken() -> list[Fault]:
    """Return the texts and reports of the provider that a fault of ours kept from being taken in."""
    if not (count := untaken().count()):
        return []
    return [
        Fault(
            "untaken",
            f"{count} texts or reports of the provider are kept and could not be taken in: nobody has read them. The log"
            " says why (not_taken_in); the worker tries each minute.",
        )
    ]


def _texts() -> list[Fault]:
    """Return the texts to people that were given up lately, and not for their number: a refusal may meet all of them."""
    if not (count := count_lost_texts(timezone.now() - LATELY)):
        return []
    return [
        Fault(
            "texts",
            f"{count} texts of the last {LATELY.days} days could not be handed to the provider. The timelines of their"
            " contacts say why: look at the provider's account. Supervisors find the people among the missed contacts.",
        )
    ]


def _behind() -> list[Fault]:
    """Return what is due and stands as it was: rows that fail at each turn, or of which no part of the worker knows."""
    before = timezone.now() - LATE
    behind = count_behind(before) | {"orders to the provider": count_late_orders(before)}
    if not any(behind.values()):
        return []
    counts = ", ".join(f"{count} {name}" for name, count in behind.items() if count)
    return [
        Fault(
            "behind",
            f"Due for more than a quarter of an hour, and nothing came of them: {counts}. The worker's log says why.",
        )
    ]


def _undone() -> list[Fault]:
    """Return what nobody did in production; a new installation has as long for the first of each as for the next."""
    if settings.PROFILE != "production":
        return []
    now, done = timezone.now(), dict(Heartbeat.objects.filter(name__in=CHORES).values_list("name", "at"))
    began = AuditEntry.objects.order_by("seq").values_list("at", flat=True).first()
    since = datetime.fromisoformat(began) if began else now
    return [
        Fault(name, words)
        for name, words in CHORES.items()
        if is_no_sign(done.get(name, since), now, after=DONE_WITHIN)
    ]
