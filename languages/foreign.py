"""Words that Django brings for its own languages, and that our catalogues bring for ht, rw, wo, mg and ny."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AP_MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")

# (context, message), as in django.utils.dates.
CALENDAR: tuple[tuple[str, str], ...] = (
    *(("", word) for word in (*_MONTHS, *_DAYS, *_SHORT_DAYS, *_SHORT_MONTHS)),
    *(("alt. month", word) for word in _MONTHS),
    *(("abbrev. month", word) for word in _AP_MONTHS),
)

# (context, message): what Django's forms say to a person, with "midnight" and "noon" of its clock.
FORMS: tuple[tuple[str, str], ...] = tuple(
    ("", message)
    for message in (
        "This field is required.",
        "Enter a valid value.",
        "Enter a valid email address.",
        "Enter a valid date.",
        "Enter a valid time.",
        "Enter a whole number.",
        "Enter a number.",
        "Select a valid choice. %(value)s is not one of the available choices.",
        "Select a valid choice. That choice is not one of the available choices.",
        "No file was submitted. Check the encoding type on the form.",
        "The submitted file is empty.",
        "Yes",
        "No",
    )
)
