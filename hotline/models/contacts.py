"""Contacts: one call, message thread, visit or letter."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from accounts.models import User
from hotline.choices import (
    CLOSINGS,
    CUT_IN_DANGER,
    DRAFTED,
    EVENTS,
    HANDED_ON,
    OTHER_NUMBER,
    REHEARSED,
    SHIELDED,
    Answer,
    CallbackTime,
    CallerClass,
    Channel,
    Closing,
    ContactKind,
    Cover,
    LegRole,
    Outcome,
    State,
    Topic,
    WhoMayAnswer,
)
from hotline.choices.reviews import WORKING
from hotline.models.legs import Leg
from hotline.models.said import ContactEvent
from hotline.models.shields import Shield
from languages import table


class Contact(models.Model):
    """One contact of somebody with a line. It is not a case: cases belong to `referral`.

    `flow` is the version with which the call began, `step` where it stands in it; `state` is what staff see: the step, corrected by what the legs report.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(
        "hotline.Line", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", db_index=False
    )
    flow = models.ForeignKey(
        "hotline.FlowVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    country = models.ForeignKey(
        "accounts.Country",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts_of_line",
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind, default=ContactKind.CALL)
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel, default=Channel.CALL, db_default=Channel.CALL, blank=True
    )
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.GREETING)
    step = models.CharField(max_length=20, default="greeting")
    turn = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    question = models.CharField(max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(default=5)
    is_danger = models.BooleanField(_("danger"), default=False)
    cannot_speak = models.BooleanField(_("cannot speak"), default=False)
    is_practice = models.BooleanField(_("practice"), default=False)
    flags = models.CharField(max_length=200, blank=True)

    caller_class = models.CharField(max_length=8, choices=CallerClass, default=CallerClass.WITHHELD)
    number = SealedField()
    number_index = models.CharField(max_length=64, blank=True)
    callback_number = SealedField()

    may_call = models.CharField(_("may call"), max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    may_text = models.CharField(_("may text"), max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    may_voicemail = models.CharField(_("may leave voicemail"), max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    shared_phone = models.CharField(_("phone is shared"), max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    who_may_answer = models.CharField(_("who may answer"), max_length=10, choices=WhoMayAnswer, blank=True)
    safe_from = models.TimeField(_("safe from"), null=True, blank=True)
    safe_until = models.TimeField(_("safe until"), null=True, blank=True)
    code_word = SealedField()
    cover = models.CharField(_("what the line says it is"), max_length=10, choices=Cover, blank=True)
    # When the answer on calls was given, and the one on texts; where none is kept, see queries.one_number.
    safety_at = models.DateTimeField(_("safety state asked on"), null=True, blank=True)
    text_said_at = models.DateTimeField(null=True, blank=True)
    callback_time = models.CharField(_("when to call back"), max_length=10, choices=CallbackTime, blank=True)

    topic = models.CharField(_("what it was about"), max_length=12, choices=Topic, blank=True)
    case = models.ForeignKey(
        "referral.Case", on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts"
    )
    claimed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="claimed_contacts",
        db_index=False,
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    operator_count = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_contacts",
        db_index=False,
    )

    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    started_at = models.DateTimeField(_("began"))
    queued_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)  # this wait, where it is not the first one
    connected_at = models.DateTimeField(null=True, blank=True)
    end_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    wrapped_up_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome, blank=True)
    # What the caller did of which the outcome is made: where the flow led her to, or a message that was heard of.
    chosen = models.CharField(max_length=14, blank=True, default="", db_default="")
    is_missed = models.BooleanField(default=False)
    due_at = models.DateTimeField(_("follow up by"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(_("how the follow-up ended"), max_length=14, choices=Closing, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    legal_hold = models.BooleanField(_("kept for a court"), default=False, db_default=False)

    class Meta:
        ordering = ["-started_at", "-id"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closing="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closing="")),
                name="closing_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(caller_class__in=["phone", "sip", "bsuid"]) | models.Q(number_index=""),
                name="nobody_never_links",
            ),
        ]
        indexes = [
            models.Index(fields=["country", "-started_at"]),
            models.Index(fields=["country", "changed_at"]),
            models.Index(fields=["state", "priority", "queued_at"]),
            models.Index(fields=["is_missed", "closed_at", "due_at"]),
            models.Index(
                fields=["claimed_until"], condition=models.Q(claimed_until__isnull=False), name="contact_claimed"
            ),
            models.Index(fields=["started_at"], condition=models.Q(is_danger=True), name="contact_in_danger"),
            # Of all, also who has none: SQLite does not see that a number is none of those that a condition leaves out.
            models.Index(fields=["number_index", "country"], name="contact_by_number"),
            # What is at hand, of however many there are.
            models.Index(
                fields=["country"], condition=models.Q(is_missed=True, closed_at=None), name="contact_to_follow_up"
            ),
            models.Index(
                fields=["country"], condition=models.Q(state=State.WRAP_UP, erased_at=None), name="contact_to_wrap_up"
            ),
            models.Index(
                fields=["country", "priority", "queued_at"],
                condition=models.Q(ended_at=None),
                name="contact_under_way",
            ),
        ]

    def __str__(self):
        return self.code

    def get_state_display(self) -> str:
        """Return the state in words: a call of a forwarded line, which is nowhere outside hours, was forwarded."""
        is_forwarded = (self.state, self.step, self.question) == (State.CLOSED, "duty", "forward")
        return str(EVENTS["forwarded"] if is_forwarded else dict(State.choices).get(self.state, self.state))

    @property
    def code(self) -> str:
        """Return the short name by which staff speak of a contact."""
        return self.public_id.hex[:8].upper()

    @property
    def began(self) -> dt.datetime | dt.date:
        """Return when it began; of what was written down later the day alone, for nobody told an hour."""
        return self.happened_on or self.started_at

    @property
    def way(self) -> str:
        """Return in words how it came: its kind, or the channel that says more."""
        return str(self.get_channel_display() if self.channel == Channel.WHATSAPP else self.get_kind_display())

    @property
    def texted_by(self) -> str:
        """Return the channel by which a text leaves to this person: a caller is texted by SMS."""
        return Channel.WHATSAPP if self.channel == Channel.WHATSAPP else Channel.SMS

    @property
    def cover_words(self) -> str:
        """Return what we say we are when somebody else picks up: as it was agreed, else a course office."""
        return str(Cover(self.cover or Cover.COURSE).label)

    @property
    def seal_owner(self):
        """Return whose data key seals this row: its own; destroying it erases what was sealed."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.country_id or "*"

    @property
    def is_of_no_line(self) -> bool:
        """Tell whether it reached a number that belongs to no line, so that it is no country's."""
        return self.line_id is None and self.country_id is None

    @property
    def flag_codes(self) -> list[str]:
        """Return the marks on this contact (hotline.choices.FLAGS)."""
        return self.flags.split()

    @property
    def gave_other(self) -> bool:
        """Tell whether another number was given in place of this one, also where that went with what erasing takes."""
        return self.callback_number is not None or OTHER_NUMBER in self.flag_codes

    @property
    def tries_a_draft(self) -> bool:
        """Tell whether it is a call to the draft of a call flow: nobody is missed who hangs up."""
        return DRAFTED in self.flag_codes

    @property
    def is_rehearsed(self) -> bool:
        """Tell whether nobody is behind this call: staff practise on it, or try a draft. It is no work afterwards."""
        return REHEARSED in self.flag_codes

    def hides_from(self, user) -> bool:
        """Tell whether this contact is hidden from a person since it names her office or herself."""
        return SHIELDED in self.flag_codes and self.shields.filter(Shield.meets(user)).exists()

    def named_among(self, people: Iterable[int]) -> frozenset[int]:
        """Return the keys of those of some people from whom this contact is hidden: `hides_from` of each, in two statements."""
        if SHIELDED not in self.flag_codes:
            return frozenset()
        shields = list(self.shields.filter(lifted_at=None))
        found = User.objects.filter(pk__in=list(people)).select_related("office")
        return frozenset(one.pk for one in found if any(shield.names(one) for shield in shields))

    @staticmethod
    def worked_on_by(user) -> models.Q:
        """Return the condition of contacts in which a person talked, answered, wrote down or called back."""
        talks = Leg.objects.filter(contact=models.OuterRef("pk"), user=user.pk, role=LegRole.OPERATOR)
        acts = ContactEvent.objects.filter(contact=models.OuterRef("pk"), by=str(user.public_id), kind__in=WORKING)
        return (
            models.Q(claimed_by=user.pk) | models.Exists(talks.filter(joined_at__isnull=False)) | models.Exists(acts)
        )

    def is_work_of(self, user) -> bool:
        """Tell whether a person worked on this contact; the one question of `worked_on_by`."""
        return Contact.objects.filter(Contact.worked_on_by(user), pk=self.pk).exists()

    @property
    def is_supervisors(self) -> bool:
        """Tell whether its follow-up is the supervisors': it was handed to them as its sheet closed, and no person has it."""
        return not {CUT_IN_DANGER, HANDED_ON}.isdisjoint(self.flag_codes) and self.owner_id is None

    @property
    def nobodys(self) -> str:
        """Return whose a follow-up is called that no person has."""
        return _("A supervisor") if self.is_supervisors else _("Nobody yet")

    @property
    def is_live(self) -> bool:
        """Tell whether the caller is still on the line."""
        return (
            self.kind == ContactKind.CALL and self.ended_at is None and self.state not in {"wrap_up", "ended", "done"}
        )

    @property
    def is_closed(self) -> bool:
        """Tell whether it is done, or its follow-up was closed: then nobody has anything to answer in it but what is unread."""
        return self.closed_at is not None or self.state == State.DONE

    @property
    def closed_by(self) -> str:
        """Return the public id of who closed its follow-up; "" while it is open."""
        rows = self.events.filter(kind__in=CLOSINGS, at=self.closed_at) if self.closed_at else self.events.none()
        return rows.values_list("by", flat=True).first() or ""

    @property
    def closing_mark(self) -> str:
        """Return the mark of how its follow-up was closed; a newer closing has another one."""
        return self.closed_at.isoformat() if self.closed_at else ""

    @property
    def room_name(self) -> str:
        """Return the name of this contact's conference: random, never a name or a number."""
        return self.public_id.hex
