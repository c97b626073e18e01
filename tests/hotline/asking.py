"""What tests of asking by keys begin with: a call in conversation."""

import pytest

from hotline import actions
from hotline.models import Command
from tests.hotline.conftest import OPERATOR_SID


class Talk:
    """One call in conversation: what the network reports of it, and what its operator does."""

    def __init__(self, network, operator, at):
        self.network, self.operator, self.at = network, operator, at
        network.taken(operator, at)
        network.room("participant-join", 1, self.contact, network.sid, "caller")
        network.room("participant-join", 2, self.contact, OPERATOR_SID, "op-1")
        Command.objects.update(done_at=at)

    @property
    def contact(self):
        return self.network.contact

    @property
    def turn(self):
        return self.contact.turn

    def ask(self, question="hurt"):
        actions.ask_by_keys(contact=self.contact, question=question, by=self.operator, at=self.at)

    def led_out(self, question="hurt"):
        """Let the worker's order lead the caller to the question; return what she hears."""
        self.ask(question)
        self.network.room("participant-leave", 5, self.contact, self.network.sid, "caller")
        return self.network.step("asked", self.turn)

    def key(self, key):
        return self.network.step("asked", self.turn, Digits=key)

    def orders(self):
        rows = Command.objects.filter(kind="redirect").order_by("pk")
        return [(row.key, row.arguments) for row in rows]


@pytest.fixture(name="talk")
def call_in_conversation(network, operator, at):
    return Talk(network, operator, at)
