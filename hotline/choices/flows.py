"""The words of a call flow: its settings, their values, and what is wrong with a plan."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS = {
    "languages": _("Languages and keys"),
    "danger_key": _("Key for danger"),
    "silent_key": _("Key for who cannot speak"),
    "questions": _("Questions asked by keys"),
    "wait_seconds": _("Seconds between the words while waiting"),
    "wait_minutes": _("Longest wait in minutes"),
    "says_position": _("Says the place in the queue"),
    "expectation": _("What a waiting caller may expect"),
    "takes_messages": _("Callers can leave a message"),
    "calls_back": _("Callers can ask to be called back"),
    "asks_wish": _("Who waits can ask for a woman or a man"),
    "after_hours": _("Outside opening hours"),
    "after_hours_number": _("Number that answers outside opening hours"),
    "nobody": _("When nobody is free"),
    "duty_phone": _("Duty phone"),
    "other_number": _("Other number named at the end"),
    "police_number": _("Local police number"),
    "voices": _("Voices"),
    "words": _("Words of the line’s own"),
}
NO_KEY = _("None: nobody is asked by keys")
EXPECTATIONS = {
    "": _("Nothing is said"),
    "plain": _("“We do not know how long it takes”"),
    "measured": _("How long callers of the last hour waited, as it was measured"),
}
AFTER_HOURS = {
    "menu": _("The caller hears when the line opens, then the menu"),
    "forward": _("The call goes to another number; then the menu"),
}
NOBODY = {
    "duty": _("The duty phone rings; then the menu"),
    "menu": _("The menu at once"),
}
VALUES = {"expectation": EXPECTATIONS, "after_hours": AFTER_HOURS, "nobody": NOBODY}
USUAL_VOICE = pgettext_lazy("voice of a language", "The usual one")

# What is wrong with a plan (hotline.ivr.faults), and how to mend it.
FLOW_FAULTS = {
    "no_language": _("The line has no language."),
    "key_twice": _("Two languages sit on the key %(key)s."),
    "language_twice": _("%(language)s is there twice."),
    "key_not_free": _("No language can sit on the key %(key)s."),
    "key_of_menu": _("The key %(key)s means something else in a menu. Choose one of 5 to 9."),
    "key_of_language": _("A language sits on the key %(key)s already."),
    "key_of_danger": _("The key %(key)s is for danger already."),
    "no_duty_phone": _("Without a duty phone, calls that nobody takes would end in silence."),
    "no_other_number": _("A line that people call names another number at the end."),
    "no_police_number": _("Who is in danger would hear no number of the police. Write the local police number, or that of another emergency service."),
    "no_forward": _("Choose the number that answers outside opening hours."),
    "not_verified": _("Nobody has confirmed the number %(number)s yet. A second person calls it first."),
    "no_question": _("Choose at least one question, or ask nobody by keys."),
    "question_twice": _("A question is there twice."),
    "voice_of_other": _("%(voice)s is no voice of %(language)s."),
    "dead_end": _("A caller who presses nothing here would hear no number and could leave no message: %(steps)s. Take messages, name another number, or let the duty phone ring."),
    "no_words": _("%(language)s cannot say: %(prompts)s. Record them on the page of the prompts, or take the language off."),
    "words_places": _("%(language)s: own words are empty, or lost a key or a place to be filled: %(prompts)s."),
    "words_behind": _("%(language)s still says the translation of what this line says otherwise in English: %(prompts)s. Write its words too."),
}  # fmt: skip
NUMBER_FAULTS = {
    "there": _("This number is on the list already."),
    "own": _("This is the line's own number: calls would go round in a circle."),
    "gone": _("This number was taken off the list meanwhile."),
    "same_person": _("Who added a number does not confirm it. Somebody else calls it and says who answers."),
    "in_use": _("Calls are forwarded to this number. Change the call flow or how the line answers first."),
}
