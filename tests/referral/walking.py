"""How the tests of the engine walk a pathway."""

import datetime as dt
import random

from accounts.calendars import Calendar
from referral import pathways
from referral.pathways import Event, State

AT = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)


CALENDAR = Calendar("Africa/Monrovia")


ADULT = {"age": 30, "sex": "female", "immediate_danger": False, "needs_shelter": True, "sexual_violence": False, "needs": ["shelter"], "wants_police": False}  # fmt: skip


def small(steps, ways, facts=("f", "g")):
    """Return a pathway of (key, kind, more) and (from, to, more)."""
    return pathways.Pathway(
        {
            "key": "small",
            "steps": [{"key": key, "kind": kind, "title": {"en": key}} | more for key, kind, more in steps],
            "transitions": [{"from": source, "to": target} | more for source, target, more in ways],
            "facts": [{"key": key, "type": "bool"} for key in facts],
            "roles": [],
        }
    )


def go(pathway, state, step, outcome="", at=AT):
    """Move the open visit of a step: done, outcome, or the person's wish for a wait."""
    run = next(run for run in state.open_runs if run.step == step)
    kind = "wish" if run.kind == "wait" else "outcome" if run.kind in {"decision", "consent", "referral"} else "done"
    return pathways.advance(pathway, state, Event(kind, at, run.number, outcome))


def opened(pathway, facts=None):
    """Return a case just opened."""
    return pathways.advance(pathway, State(), Event("opened", AT, facts=facts or {}))


def told(pathway, state, **facts):
    """Tell facts."""
    return pathways.advance(pathway, state, Event("facts", AT, facts=facts))


def open_steps(state):
    """Return the keys of the open steps."""
    return [run.step for run in state.open_runs]


def asked(state):
    """Return the facts to ask for."""
    return [key for key, _run in state.questions]


def at_fork(pathway, **facts):
    """Return a case after consent was given."""
    state = opened(pathway, ADULT | facts)
    for step, outcome in (("screening", ""), ("safety", ""), ("consent", "given")):
        state = go(pathway, state, step, outcome)
    return state


class Builder:
    """Builds random pathways out of tasks, questions and splits, each split closed by its own join."""

    def __init__(self, seed):
        self.random, self.steps, self.ways, self.count = random.Random(seed), [], [], 0  # noqa: S311 -- no secret

    def step(self, kind, **more):
        """Add a step and return its key."""
        self.count += 1
        key = f"{kind}{self.count}"
        self.steps.append((key, kind, more))
        return key

    def block(self, depth):
        """Add a block; return its first and last step."""
        shape = self.random.choice(["task", "series", "gate", "fork_all", "fork_any"] if depth else ["task"])
        if shape == "series":
            first, second = self.block(depth - 1), self.block(depth - 1)
            self.ways.append((first[1], second[0], {}))
            return first[0], second[1]
        return getattr(self, f"{shape.split('_')[0]}_block")(depth, shape)

    def task_block(self, _depth, _shape):
        """Add one task."""
        key = self.step("task")
        return key, key

    def gate_block(self, depth, _shape):
        """Add a question with two branches that meet in a task."""
        gate, meet = self.step("gate"), self.step("task")
        fact = self.random.choice(["f", "g"])
        for value in (True, False):
            branch = self.block(depth - 1)
            unknown = {"on_unknown": True} if not value else {}
            self.ways.append((gate, branch[0], {"when": {"fact": fact, "op": "eq", "value": value}} | unknown))
            self.ways.append((branch[1], meet, {}))
        return gate, meet

    def fork_block(self, depth, kind):
        """Add a split with two or three branches and its join."""
        join = self.step("join")
        fork = self.step(kind, join=join)
        for number in range(self.random.randint(2, 3)):
            branch = self.block(depth - 1)
            when = {"when": {"fact": "f", "op": "eq", "value": True}} if kind == "fork_any" and number else {}
            self.ways.append((fork, branch[0], when))
            self.ways.append((branch[1], join, {}))
        return fork, join

    def pathway(self):
        """Return the pathway, from a start to an end."""
        start, end = self.step("start"), self.step("end")
        first, last = self.block(4)
        self.ways += [(start, first, {}), (last, end, {})]
        return small(self.steps, self.ways)
