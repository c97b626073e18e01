"""The words of a country's triage form: kinds of questions, what is wrong with a form, what differs between two."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "yes_no": pgettext_lazy("kind of question", "Yes or no"),
    "one": pgettext_lazy("kind of question", "One of a list"),
    "many": pgettext_lazy("kind of question", "Several of a list"),
    "long": pgettext_lazy("kind of question", "One of a long list"),
    "number": pgettext_lazy("kind of question", "A number"),
    "place": pgettext_lazy("kind of question", "A place"),
}
PARTS = {
    "label": _("Short name"),
    "ask": _("Words to say"),
    "why": _("Why it is asked"),
    "choices": pgettext_lazy("of a question", "Answers"),
}
ALWAYS = _("Always")
CHILD = _("Under 18, or the age is not known")

# What is wrong with a form (hotline.triage.bodies), and how to mend it.
FORM_FAULTS = {
    "unreadable": _("This draft cannot be read. Begin it again."),
    "missing": _("“%(question)s” must be on the form: put it back."),
    "twice": _("“%(question)s” is there twice."),
    "too_many": _("A form has at most %(most)s questions."),
    "no_label": _("A question has no short name in English."),
    "no_words": _("“%(question)s” has no words to say in English."),
    "too_long": _("“%(question)s”: the words in %(language)s are longer than %(most)s characters."),
    "no_step": _("“%(question)s” stands in no step."),
    "out_of_place": _("“%(question)s” stands among the questions of another step."),
    "no_kind": _("“%(question)s” is of a kind that cannot be added."),
    "always": _("“%(question)s” is always asked: it hangs on no answer."),
    "hangs_on_nothing": _("“%(question)s” hangs on a question that is not on the form."),
    "hangs_on_later": _("“%(question)s” hangs on a question that comes after it. Move it down."),
    "hangs_on_no_answer": _("“%(question)s” hangs on an answer that cannot be given."),
    "choices": _("“%(question)s” needs %(least)s to %(most)s answers."),
    "choice_twice": _("“%(question)s” has an answer twice."),
    "no_choice_words": _("An answer of “%(question)s” has no words in English."),
}
CHANGES = {
    "added": pgettext_lazy("a question of a form", "Added"),
    "dropped": pgettext_lazy("a question of a form", "Taken off"),
    "moved": pgettext_lazy("a question of a form", "Moved"),
    "when": pgettext_lazy("a question of a form", "Asked on another answer"),
    "choices": pgettext_lazy("a question of a form", "Other answers"),
}
