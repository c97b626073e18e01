"""What the worker does for this room: orders to the provider, messages, claims that ran out, the sweep."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog

from accounts import actions as accounts
from hotline import actions
from hotline.actions import self_calls, sweeping
from hotline.actions.alarm import tell_of_danger
from hotline.actions.attachments import order_lost_files_deleted
from hotline.actions.called_back import settle_call_back
from hotline.actions.commands import CLAIM, PATIENT, URGENT
from hotline.actions.handing_over import look_at_handed
from hotline.actions.leases import mend_leases
from hotline.actions.marks import note_done
from hotline.actions.notices import queue_due_notices
from hotline.actions.prompts import load_missing_prompts
from hotline.actions.proving import prove_rosters
from hotline.actions.sending import claim_message
from hotline.actions.taking_in import take_in
from hotline.choices import CommandKind
from hotline.queries.danger import untold
from hotline.queries.dialling import stuck_call_backs
from hotline.queries.marks import is_time, noted_at
from hotline.queries.post import due_messages
from hotline.queries.sweeping import LISTS, listed_accounts
from hotline.queries.telephones import left_telephones, open_checks
from hotline.queries.thirds import handed_under_way, ringing_thirds
from hotline.queries.untaken import untaken

log = structlog.get_logger(__name__)
BATCH = 20
SWEEP_EVERY = timedelta(minutes=5)
PROMPTS_EVERY = timedelta(hours=1)
ERASE_EVERY = timedelta(hours=1)
LEASES_EVERY = timedelta(minutes=1)
TAKE_IN_EVERY = timedelta(minutes=1)
ALONE_EVERY = timedelta(seconds=30)
PROOF_EVERY = timedelta(hours=1)
SELF_CALL_EVERY = timedelta(minutes=15)
CALL_BACKS_EVERY = timedelta(minutes=1)
FIGURES_EVERY = timedelta(minutes=10)


def run_commands(at: datetime, kinds: Collection[str] = tuple(CommandKind)) -> int:
    """Carry out the orders to the provider that are due, for twenty seconds at most."""
    claimed = actions.claim_commands(at=at, limit=BATCH, kinds=kinds)
    return sum(actions.run_command(command, at=command.claimed_until - CLAIM) for command in claimed)


def run_call_orders(at: datetime) -> int:
    """Carry out what somebody on the line waits for: ring, hold, take back, hang up."""
    return run_commands(at, URGENT)


def tell_danger(at: datetime) -> int:
    """Tell who supervises, by letter, of each contact that told of danger; the voice webhook only wrote it down."""
    return accounts.first_due("danger_not_told", untold(at), lambda key: tell_of_danger(key=key, at=at), most=BATCH)


def run_patient_orders(at: datetime) -> int:
    """Carry out what nobody waits for: what is to be fetched from the provider, and what is to be deleted there."""
    return run_commands(at, PATIENT)


def send_messages(at: datetime) -> int:
    """Send the text messages that are due, each checked once more for the person's safety."""
    done = 0
    for key, now in accounts.paced(list(due_messages(at).values_list("pk", flat=True)[:BATCH]), at):
        with accounts.alone("message_not_sent", through=accounts.AWAY, subject=key):
            message = claim_message(key, at=now)
            done += message is not None and actions.send_message(message, at=now)
    return done


def settle_telephones(at: datetime) -> int:
    """Draw the results of verification calls, and wipe the telephones of people who left the line."""
    checks = list(open_checks(at).values_list("pk", flat=True))
    done = accounts.one_by_one("check_not_settled", checks, lambda key: actions.settle_check(key=key, at=at))
    left = {state.pk: state.user for state in left_telephones()}
    return done + accounts.one_by_one(
        "telephone_not_wiped", left, lambda key: actions.remove_telephone(user=left[key], by="worker", at=at)
    )


def settle_thirds(at: datetime) -> int:
    """Ring the next telephone for a third person of whom nothing is heard, or say that nobody came."""
    rings = list(ringing_thirds().values_list("pk", flat=True))
    return accounts.one_by_one("third_not_settled", rings, lambda key: actions.settle_third(key=key, at=at))


def lead_out_alone(at: datetime) -> int:
    """Every half a minute, lead out callers who are alone in a room that was handed over, whatever was not reported."""
    if not is_time("alone", at, every=ALONE_EVERY):
        return 0
    note_done("alone", at=at)
    calls = list(handed_under_way(at).values_list("pk", flat=True))
    return accounts.one_by_one("caller_not_led_out", calls, lambda key: look_at_handed(key=key, at=at))


def release_claims(at: datetime) -> int:
    """Put calls back whose operator's telephone did not join within the lease."""
    return actions.release_lapsed_claims(at=at)


def take_in_again(at: datetime) -> int:
    """Every minute, take in the texts and reports that a fault of ours kept from it; those that fail again stay."""
    if not is_time("untaken", at, every=TAKE_IN_EVERY):
        return 0
    note_done("untaken", at=at)
    keys = untaken().values_list("pk", flat=True)
    return accounts.first_due("not_taken_in_again", keys, lambda key: take_in(key=key, at=at), most=BATCH)


def queue_notices(at: datetime) -> int:
    """Send the texts that take agencies to their pages."""
    return queue_due_notices(at=at)


def compare_lists(at: datetime) -> int:
    """Every five minutes, compare each account's lists with ours; one that cannot be read stops no other."""
    if not is_time(LISTS, at, every=SWEEP_EVERY):
        return 0
    found: list[int] = []
    accounts.one_by_one(
        "list_not_read", listed_accounts(), lambda account: found.append(actions.sweep_account(account=account, at=at))
    )
    note_done(LISTS, at=at)
    if sum(found):
        log.info("sweep_found", count=sum(found))
    return sum(found)


def sweep(at: datetime) -> int:
    """Every five minutes, ask for what never reported its end; what a turn leaves is asked for at once in the next."""
    if not is_time("sweep", at, every=SWEEP_EVERY):
        return 0
    turn = actions.sweep_open_rows(at=at)
    if not turn.goes_on:
        note_done("sweep", at=at)
    if turn.settled:
        log.info("sweep_found", count=turn.settled)
    return turn.settled


def fetch_again(at: datetime) -> int:
    """Every five minutes, order the recorded messages that are not here and that nobody fetches."""
    return _regularly("recordings", at, SWEEP_EVERY, actions.order_unfetched)


def forget_payloads(at: datetime) -> int:
    """Every hour, empty what requests of thirty days ago carried, whatever the other jobs meet."""
    return _hourly("payloads", at, actions.forget_old_payloads)


def complete_prompts(at: datetime) -> int:
    """Every hour, load the prompts that a newer release brought: a line must not fall silent after an upgrade."""
    if not is_time("prompts", at, every=PROMPTS_EVERY):
        return 0
    note_done("prompts", at=at)
    return load_missing_prompts(by="worker", at=at)


def erase(at: datetime) -> int:
    """Every hour, erase the contacts and recorded messages whose time is over (docs/algorithms/erasing.md)."""
    return _hourly(
        "erasing",
        at,
        actions.erase_due,
        actions.forget_old_sounds,
        actions.order_lost_deletions,
        order_lost_files_deleted,
    )


def delete_records(at: datetime) -> int:
    """Every hour, order the deletion of the provider's records of calls that ended two days ago."""
    return _hourly("records", at, actions.order_log_deletions)


def _hourly(name: str, at: datetime, *acts: Callable[..., int]) -> int:
    return _regularly(name, at, ERASE_EVERY, *acts)


def _regularly(name: str, at: datetime, every: timedelta, *acts: Callable[..., int]) -> int:
    """Do acts once in so long, and again at once until nothing is left to do."""
    if not is_time(name, at, every=every):
        return 0
    done = sum(act(at=at) for act in acts)
    if not done:
        note_done(name, at=at)
    return done


def tell_hours(at: datetime) -> int:
    """At the beginning of each minute, so of each day, let public numbers say what their lines say."""
    this_minute = at.replace(second=0, microsecond=0)
    if (told_at := noted_at("numbers", at)) is not None and told_at >= this_minute:
        return 0
    done = 0
    for code in actions.countries_to_tell(at):
        with accounts.alone("numbers_not_told", through=accounts.AWAY, country=code):
            done += actions.keep_public_numbers(country=code, by="worker", at=at)
    note_done("numbers", at=at)
    return done


def count_figures(at: datetime) -> int:
    """Every ten minutes, count the days anew in which a contact changed; at once again where more changed than a turn takes."""
    return _regularly("figures", at, FIGURES_EVERY, actions.count_figures)


def prove_roster(at: datetime) -> int:
    """Every hour, prove the roster of each line over fourteen days, and tell who supervises of its holes."""
    if not is_time("roster", at, every=PROOF_EVERY):
        return 0
    note_done("roster", at=at)
    return prove_rosters(at=at)


def free_leases(at: datetime) -> int:
    """Every minute, let what a wrong clock would hold far into the future be due."""
    if not is_time("leases", at, every=LEASES_EVERY):
        return 0
    done = mend_leases(at=at)
    note_done("leases", at=at)
    return done


def settle_call_backs(at: datetime) -> int:
    """End the calls back of which nothing more is heard."""
    keys = list(stuck_call_backs(at).values_list("pk", flat=True)[:BATCH])
    return accounts.one_by_one("call_back_not_settled", keys, lambda key: settle_call_back(key=key, at=at))


def ask_call_backs(at: datetime) -> int:
    """Every minute, ask whether the operators who talk in calls back are still there."""
    if not is_time("call_backs", at, every=CALL_BACKS_EVERY):
        return 0
    note_done("call_backs", at=at)
    return sweeping.ask_call_backs(at=at)


def call_own_lines(at: datetime) -> int:
    """Every quarter of an hour, let each line call itself (where it is switched on)."""
    if not is_time("self_calls", at, every=SELF_CALL_EVERY):
        return 0
    note_done("self_calls", at=at)
    return self_calls.call_own_lines(at=at)


def settle_self_calls(at: datetime) -> int:
    """Draw the results of the lines' calls to themselves."""
    return self_calls.settle_self_calls(at=at)


# Each of these lists has a thread of its own in the worker (cms.worker): what is slow holds up nothing but its like.
LINE_JOBS = [
    run_call_orders,
    tell_danger,
    settle_telephones,
    settle_thirds,
    lead_out_alone,
    settle_call_backs,
    settle_self_calls,
    release_claims,
]
TEXT_JOBS = [send_messages, queue_notices, take_in_again]
RECORD_JOBS = [ask_call_backs, run_patient_orders, compare_lists, sweep, fetch_again]
HOUSE_JOBS = [
    complete_prompts,
    forget_payloads,
    erase,
    delete_records,
    tell_hours,
    free_leases,
    count_figures,
    prove_roster,
    call_own_lines,
]
JOBS = [*LINE_JOBS, *TEXT_JOBS, *RECORD_JOBS, *HOUSE_JOBS]
