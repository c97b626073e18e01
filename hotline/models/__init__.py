"""The nouns of the hotline: lines and their words, people on duty, contacts, and the post in and out."""

from hotline.models.blocks import Block
from hotline.models.calling import CALL_BACK_TOKENS, SELF_TOKENS, CallBack, SelfCall
from hotline.models.contacts import Contact
from hotline.models.figures import DayFigures
from hotline.models.flows import FlowVersion, ForwardNumber
from hotline.models.legs import Leg, SecondCall
from hotline.models.lines import DayException, Line, OpeningHours, Prompt, PromptRecording
from hotline.models.people import (
    CHECK_TOKENS,
    BrowserTrial,
    InterpreterProfile,
    OperatorState,
    PhoneCheck,
    Shift,
    TelephonePin,
)
from hotline.models.post import Attachment, Command, Message, Opposition, SweepMark, Template, WebhookEvent
from hotline.models.reviews import Review
from hotline.models.rooms import Room
from hotline.models.roster import Absence, DutyRule, RosterProof, Swap
from hotline.models.said import ContactEvent, KeyAnswer, Recording, Sheet
from hotline.models.sheet_forms import SheetForm
from hotline.models.shields import ContactLink, Shield
from hotline.models.simulation import Rehearsal, SimulatorAct, SimulatorCall, SimulatorLine, SimulatorPhone
from hotline.models.thirds import ThirdCall

__all__ = [
    "Absence",
    "Attachment",
    "Block",
    "BrowserTrial",
    "CALL_BACK_TOKENS",
    "CHECK_TOKENS",
    "CallBack",
    "Command",
    "Contact",
    "ContactEvent",
    "ContactLink",
    "DayException",
    "DayFigures",
    "DutyRule",
    "InterpreterProfile",
    "FlowVersion",
    "ForwardNumber",
    "KeyAnswer",
    "Leg",
    "Line",
    "Message",
    "OpeningHours",
    "OperatorState",
    "Opposition",
    "PhoneCheck",
    "Prompt",
    "PromptRecording",
    "Recording",
    "Rehearsal",
    "Review",
    "Room",
    "RosterProof",
    "SELF_TOKENS",
    "SecondCall",
    "SelfCall",
    "Sheet",
    "SheetForm",
    "Shield",
    "Shift",
    "SimulatorAct",
    "SimulatorCall",
    "SimulatorLine",
    "SimulatorPhone",
    "Swap",
    "SweepMark",
    "TelephonePin",
    "Template",
    "ThirdCall",
    "WebhookEvent",
]
