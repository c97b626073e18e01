"""Orders to the provider: a row when wanted, one call of the REST interface by the worker, once a key."""

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts import actions as accounts
from accounts.sealing import SealError
from hotline.actions import fetching
from hotline.actions.circuit import CircuitOpen, provider
from hotline.actions.heartbeat import note_alive
from hotline.actions.orders_done import ACTS
from hotline.choices import CommandKind
from hotline.models import Command, Contact
from hotline.queries.post import due_commands, is_failing, orders_in_turn
from hotline.queries.retention import held
from hotline.telephony.base import ProviderBusy, ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider

CLAIM = timedelta(seconds=30)
RETRIES = 5
PAUSES = (2, 5, 15, 60, 300, 900, 1800, 3600)  # seconds between two tries; the last one from then on
DELETIONS = frozenset(
    {CommandKind.DELETE_RECORDING, CommandKind.DELETE_MESSAGE, CommandKind.DELETE_CALL, CommandKind.DELETE_ATTACHMENT}
)
FETCHES = frozenset(
    {CommandKind.FETCH_MESSAGE, CommandKind.FETCH_RECORDING, CommandKind.FETCH_ATTACHMENT}
)  # given up, something is lost
# Nobody on the line waits for these: they are carried out beside the orders of calls, never before them.
PATIENT = DELETIONS | FETCHES | {CommandKind.FETCH_CALL}
URGENT = frozenset(CommandKind) - PATIENT
PATIENT_RETRIES = 200  # an hour between them, so for eight days: what is promised to go does not stay
HELD_PAUSE = timedelta(hours=1)
ALREADY_OVER = frozenset({"21220", "20404"})
GONE = frozenset({"404", "20404"})
GONE_AFTER = timedelta(hours=1)  # what was made just now is perhaps only not there yet
OUR_FAULT = frozenset({"401", "403", "20003", NoSuchProvider.__name__})  # a wrong secret, or none: somebody mends it
KILLED = "killed"

# What an order meets when the row it speaks of is gone, erased or broken: a try is counted, the other orders go on.
UNREADABLE = (ObjectDoesNotExist, SealError, AttributeError, KeyError, TypeError, ValueError)
# What the provider answers, and a database that is away: each is handled by itself.
ANSWERS = (*accounts.AWAY, ProviderDown, ProviderRefused, NoSuchProvider)


@transaction.atomic
def claim_command(key: int, *, at: datetime) -> Command | None:
    """Take one order for thirty seconds; None when somebody else has it or it is done.

    The try is counted here: an order that kills its worker is given up like any other, with the same pauses at the end.
    While an earlier order for the same telephone is carried out, the later one waits: they arrive in their order. An
    account that does not answer is asked by one thread at a time: the other one carries out the orders of the others.
    """
    under_way = Command.objects.filter(
        leg=OuterRef("leg"), pk__lt=OuterRef("pk"), done_at__isnull=True, failed_at__isnull=True, claimed_until__gte=at
    )
    in_vain = Command.objects.filter(
        account=OuterRef("account"),
        kind__in=URGENT,
        done_at__isnull=True,
        failed_at__isnull=True,
        claimed_until__gte=at,
    )
    rows = due_commands(at).filter(pk=key).exclude(Exists(under_way)).exclude(is_failing() & Exists(in_vain))
    if not rows.update(claimed_until=at + CLAIM, tries=F("tries") + 1):
        return None
    command = Command.objects.select_related("leg", "contact", "leg__contact").get(pk=key)
    if command.tries > RETRIES:
        Command.objects.filter(pk=key).update(due_at=at + _pause(command))
    return command


def claim_commands(*, at: datetime, limit: int = 20, kinds: Collection[str] = tuple(CommandKind)) -> Iterator[Command]:
    """Take the orders that are due, each for thirty seconds from its turn: just before it is carried out.

    Whoever takes those of calls notes that he lives: when nobody does, the line rings telephones without orders.
    """
    due = orders_in_turn(due_commands(at).filter(kind__in=kinds)).values_list("pk", flat=True)[:limit]
    carries_out_calls = CommandKind.DIAL in kinds
    if carries_out_calls:
        note_alive(at=at)
    for key, now in accounts.paced(list(due), at):
        if carries_out_calls:
            note_alive(at=now)
        if (command := claim_command(key, at=now)) is not None:
            yield command


def run_command(command: Command, *, at: datetime) -> bool:
    """Carry out one claimed order; tell whether it is done. No transaction is open while the provider is asked.

    Whatever else it meets counts a try, so that an order is given up and those behind it have their turn.
    """
    if _is_held(command):
        return _put_off(command, at + HELD_PAUSE)
    if command.tries > _most_tries(command):
        _give_up(command, command.fault or KILLED, at)
        return False
    try:
        with accounts.alone("order_not_carried_out", known=UNREADABLE, through=ANSWERS, subject=command.pk) as met:
            ACTS[command.kind](command, provider(command.account), at)
    except CircuitOpen as held:
        return _put_off(command, held.until)
    except ProviderDown as error:
        _again(command, str(error), at, is_busy=isinstance(error, ProviderBusy))
        return False
    except (ProviderRefused, NoSuchProvider) as error:
        if not _is_over(command, str(getattr(error, "code", "") or type(error).__name__), at):
            return False
    else:
        if met.error is not None:
            _again(command, type(met.error).__name__, at)
            return False
    Command.objects.filter(pk=command.pk).update(done_at=at, claimed_until=None)
    return True


def _put_off(command: Command, until: datetime) -> bool:
    """Let an order be due later; this was no try."""
    Command.objects.filter(pk=command.pk).update(due_at=until, claimed_until=None, tries=F("tries") - 1)
    return False


def _is_over(command: Command, code: str, at: datetime) -> bool:
    """Tell whether a refusal means that nothing is left to do; else try again what may go later, and give up the rest."""
    is_final = code in GONE and at - command.made_at >= GONE_AFTER
    goes_on = not is_final if command.kind in FETCHES else command.kind in DELETIONS and code in OUR_FAULT
    if goes_on:
        _again(command, code, at)
        return False
    if code in ALREADY_OVER and command.kind not in FETCHES:
        return True
    _give_up(command, code, at)
    return False


def _is_held(command: Command) -> bool:
    """Tell whether a court's hold overtook the order to delete something of which we have no copy here."""
    if command.kind not in DELETIONS:
        return False
    contacts = Contact.objects.filter(held(), pk=command.contact_id)
    is_call = command.kind == CommandKind.DELETE_CALL
    return (contacts if is_call else contacts.filter(erased_at__isnull=False)).exists()


def _most_tries(command: Command) -> int:
    return PATIENT_RETRIES if command.kind in DELETIONS | FETCHES else RETRIES


def _pause(command: Command) -> timedelta:
    return timedelta(seconds=PAUSES[min(command.tries, len(PAUSES)) - 1])


def _again(command: Command, fault: str, at: datetime, *, is_busy: bool = False) -> None:
    """Try an order again after a pause; who was asked to come more slowly does not come with all others at once."""
    if command.tries >= _most_tries(command):
        _give_up(command, fault, at)
        return
    due = at + _pause(command) * (1 + secrets.randbelow(100) / 100 if is_busy else 1)
    Command.objects.filter(pk=command.pk).update(due_at=due, fault=fault[:80], claimed_until=None)


def _give_up(command: Command, fault: str, at: datetime) -> None:
    """Try an order no more; what is lost with it is told first. Where that fails, the count of `doctor` still has it."""
    with accounts.alone("loss_not_told", through=accounts.AWAY, subject=command.pk):
        fetching.tell_loss(command, is_gone=fault in GONE, at=at)
    Command.objects.filter(pk=command.pk).update(failed_at=at, fault=fault[:80], claimed_until=None)
