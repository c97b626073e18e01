"""What the proofs say, in sentences: which step, what is wrong, what to do. %(step)s is the step's title."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "expired": _("The pathway's last valid day has passed. Change or empty “valid until” before you publish."),
    "no_country": _("A model pathway has no country and takes no cases. Copy it for a country before you publish."),
    "starts": _("The pathway has %(count)s starts. Keep exactly one step of the kind “Start”."),
    "no_end": _("The pathway has no end. Add a step of the kind “End”."),
    "step_twice": _("Two steps have the key %(key)s. Give one of them another key."),
    "unknown_step": _("A way leads to or from a step that does not exist (%(key)s). Remove the way."),
    "not_reached": _("“%(step)s” cannot be reached from the start. Lead a way to it, or remove it."),
    "no_way_to_end": _("From “%(step)s” no way leads to an end. Add a way onward."),
    "two_ways": _("“%(step)s” has two ways without condition for “%(outcome)s”. Remove one, or give it a condition."),
    "no_role": _("“%(step)s” has no role that acts. Choose one of the pathway's roles."),
    "no_deadline": _("“%(step)s” has no deadline. Say within which time it is done."),
    "bad_deadline": _("The deadline of “%(step)s” has no time above zero or an unknown unit. Correct it."),
    "cited_without_source": _(
        "The deadline of “%(step)s” is called cited, but the step names no public source. "
        "Add the address, or choose “default, not law”."
    ),
    "decided_without_reference": _(
        "The deadline of “%(step)s” is called decided. Add the body, the date and the document that decided it."
    ),
    "no_calendar": _("“%(step)s” counts working time, but the country has no calendar. Fill in weekend and holidays."),
    "bad_anchor": _(
        "The deadline of “%(step)s” is counted from something that is not known by then. "
        "Choose the start of the step, the opening of the case, an earlier step or a date that was told."
    ),
    "no_escalation": _("If “%(step)s” is late, nobody is told. Add whom to tell."),
    "told_unknown": _(
        "If “%(step)s” is late, the role %(role)s is told, which the pathway does not have. Choose another."
    ),
    "told_itself": _("If “%(step)s” is late, only the role that is late is told. Add another role."),
    "no_service": _("“%(step)s” does not say which service is asked for. Choose one."),
    "no_profile": _("“%(step)s” does not say what may be shared. Choose a sharing profile."),
    "unknown_field": _(
        "The sharing profile %(profile)s names the field %(key)s, which the register does not have. Take it out."
    ),
    "outcome_missing": _("“%(step)s” has no way for “%(outcome)s”. Add one."),
    "outcome_unknown": _("“%(step)s” has a way for “%(outcome)s”, which cannot happen there. Correct or remove it."),
    "decision_undecided": _("“%(step)s” has only one outcome. Add the other, or make it a task."),
    "unknown_fact": _(
        "A way of “%(step)s” asks for the fact %(fact)s, which the pathway does not have. Add the fact."
    ),
    "sealed_fact": _("A way of “%(step)s” looks at the sealed fact %(fact)s. Use a plain one."),
    "test_does_not_fit": _(
        "A way of “%(step)s” tests the fact %(fact)s in a way that does not fit its type. Correct it."
    ),
    "value_not_listed": _(
        "A way of “%(step)s” compares %(fact)s with %(value)s. Use one of its answers or cut points, or add it there."
    ),
    "split_without_sure_way": _("“%(step)s” may send nobody anywhere. Give one of its ways no condition."),
    "too_many": _("“%(step)s” looks at too many facts at once. Split it into two questions."),
    "hole": _("At “%(step)s” no way fits this case: %(facts)s. Add a way, or let one also take “not known”."),
    "overlap": _("At “%(step)s” two ways fit this case: %(facts)s. The first one is taken."),
    "split_without_join": _("“%(step)s” does not say where its ways come together. Choose its join."),
    "join_not_paired": _("“%(step)s” must be the join of exactly one split. Correct the splits."),
    "crossed_join": _("A way from “%(step)s” enters the join of another split. Lead it to its own join."),
    "branch_leaves": _("A way from “%(step)s” leaves its split without passing the join. Lead it to the join."),
    "split_in_loop": _("“%(step)s” opens splits within splits without end. Close each before the next round."),
    "referral_without_consent": _(
        "“%(step)s” can be reached without consent. Put a consent step before it, or write the legal ground."
    ),
    "word_missing": _("“%(step)s”: %(part)s is not ready in %(language)s (%(state)s). It waits for the translators."),
    "no_title": _("A step has no title in English. Write one."),
    "no_agency": _("No agency of the directory takes “%(step)s” (%(term)s). Add a service to the directory."),
    "areas_without_agency": _("No agency takes “%(step)s” (%(term)s) in: %(areas)s. Add a service there."),
    "groups_without_agency": _(
        "No agency says that it takes these people for “%(step)s” (%(term)s): %(groups)s. "
        "Add a service, or sign the gap: it stays visible in the published pathway."
    ),
    "wait_without_period": _("“%(step)s” waits without a period. Give it a time, with the meaning “not before”."),
    "due_before_wait_ends": _(
        "“%(step)s” is due before the waiting time “%(wait)s” is over. Give it more time, or count it from its own start."
    ),
    "loop_without_limit": _("“%(step)s” can be visited again and again. Say how often at most."),
    "child_without_guardian": _(
        "A child, or a person whose age is not known, can come to “%(step)s” without the assessment of best interests. "
        "Lead that way through it."
    ),
    "personal_word": _(
        "The words to say at “%(step)s” contain {%(word)s}. Only {reference}, {line}, {link} and {deadline} may stand there."
    ),
    "never_asked": _(
        "“%(step)s” needs the answer to “%(fact)s”, which no form before it asks. Give an earlier step a form that asks it."
    ),
}

GROUP_WORDS = {
    ("sex", "female"): _("women and girls"),
    ("sex", "male"): _("men and boys"),
    ("sex", "other"): _("people who are neither"),
    ("age", "child"): _("children"),
    ("age", "adult"): _("adults"),
    ("nationality", "national"): _("nationals"),
    ("nationality", "foreign"): _("foreign nationals"),
    ("disability", "yes"): _("people with a disability"),
}

WORD_STATES = {
    "missing": _("nothing translated yet"),
    "partial": _("in part translated"),
    "out_of_date": _("out of date"),
    "reworded": _("the English words changed since"),
}
