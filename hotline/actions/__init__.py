"""Writes of the hotline. Each is one transaction; each leaves a line on the contact's timeline."""

from hotline.actions.asking import NoSuchQuestion, StillAsked, ask_by_keys, back_to_voice
from hotline.actions.callbacks import receive_message_status, receive_status
from hotline.actions.checks import say_check, settle_check
from hotline.actions.claims import release_lapsed_claims
from hotline.actions.colleagues import ask_colleague, not_now, take_over
from hotline.actions.commands import claim_command, claim_commands, run_command
from hotline.actions.comparing import sweep_account
from hotline.actions.erasing import (
    CannotErase,
    erase_again,
    erase_contact,
    erase_due,
    forget_old_payloads,
    forget_old_sounds,
    order_log_deletions,
)
from hotline.actions.fetching import order_lost_deletions, order_unfetched
from hotline.actions.figures import count_figures
from hotline.actions.handing_over import NotConfirmed, OnHold, hand_over, leave_call, stay_in
from hotline.actions.holds import CannotHold, hold_contact, lift_contact_hold
from hotline.actions.joining import join_room, join_third
from hotline.actions.leaving import CallerAlone, leave_colleague
from hotline.actions.messages import queue_message
from hotline.actions.operators import (
    AlreadyTaken,
    BreakOwed,
    NobodyRings,
    NoTelephone,
    NotReady,
    operator_state,
    set_presence,
    take_call,
)
from hotline.actions.orders import order
from hotline.actions.prompts import load_prompts
from hotline.actions.public_numbers import countries_to_tell, keep_public_numbers
from hotline.actions.receiving import receive_message
from hotline.actions.rooms import say_hold, say_wait, say_who_joins
from hotline.actions.screening import answer_duty, answer_phone
from hotline.actions.sending import send_message
from hotline.actions.supervising import (
    AnotherIsThere,
    ask_help,
    keep_out,
    leave_supervised,
    let_in,
    note_shown,
    offer_join,
    set_join_mode,
)
from hotline.actions.sweeping import sweep_open_rows
from hotline.actions.talking import CallerComing, NotInRoom, end_call, end_without_worker, hold, mute, unhold, unmute
from hotline.actions.telephones import (
    NoLine,
    NoNumber,
    TooManyCalls,
    remove_telephone,
    ring_again,
    set_telephone,
)
from hotline.actions.thirds import NobodyToRing, ask_agency, ask_interpreter, release_third, settle_third
from hotline.actions.timeline import note
from hotline.actions.voice import advance_call, receive_call

__all__ = [
    "AlreadyTaken",
    "CallerAlone",
    "CallerComing",
    "CannotErase",
    "NoLine",
    "NoNumber",
    "NoSuchQuestion",
    "NoTelephone",
    "NobodyRings",
    "NobodyToRing",
    "NotConfirmed",
    "NotInRoom",
    "BreakOwed",
    "NotReady",
    "OnHold",
    "StillAsked",
    "TooManyCalls",
    "AnotherIsThere",
    "advance_call",
    "ask_colleague",
    "ask_help",
    "keep_out",
    "leave_supervised",
    "let_in",
    "not_now",
    "note_shown",
    "offer_join",
    "set_join_mode",
    "take_over",
    "answer_duty",
    "answer_phone",
    "ask_agency",
    "ask_by_keys",
    "ask_interpreter",
    "back_to_voice",
    "claim_command",
    "claim_commands",
    "countries_to_tell",
    "end_call",
    "CannotHold",
    "hold_contact",
    "lift_contact_hold",
    "erase_again",
    "erase_contact",
    "count_figures",
    "erase_due",
    "forget_old_payloads",
    "forget_old_sounds",
    "hand_over",
    "hold",
    "join_room",
    "join_third",
    "keep_public_numbers",
    "leave_call",
    "leave_colleague",
    "load_prompts",
    "mute",
    "note",
    "operator_state",
    "order",
    "order_log_deletions",
    "order_lost_deletions",
    "order_unfetched",
    "queue_message",
    "receive_call",
    "receive_message",
    "receive_message_status",
    "receive_status",
    "end_without_worker",
    "release_lapsed_claims",
    "release_third",
    "remove_telephone",
    "ring_again",
    "run_command",
    "say_check",
    "say_hold",
    "say_wait",
    "say_who_joins",
    "send_message",
    "set_presence",
    "set_telephone",
    "settle_check",
    "settle_third",
    "stay_in",
    "sweep_account",
    "sweep_open_rows",
    "take_call",
    "unhold",
    "unmute",
]
