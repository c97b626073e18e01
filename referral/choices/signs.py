"""Signs of exploitation: what is asked about each, and to which dimension of the operational indicators it belongs.

The hotline asks the first eleven; a screening asks them all. An answer is a fact of the case. It decides no way of a
pathway by itself, and the register of what may be shared does not know it: no agency is ever shown one.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

DIMENSIONS: dict[str, str] = {
    "deceptive_recruitment": _("Deceptive recruitment"),
    "coercive_recruitment": _("Coercive recruitment"),
    "recruitment_vulnerability": _("Recruitment by abuse of vulnerability"),
    "exploitation": _("Exploitation"),
    "coercion": _("Coercion at destination"),
    "destination_vulnerability": _("Abuse of vulnerability at destination"),
}


@dataclass(frozen=True)
class Sign:
    """One sign: key of its fact, dimension, short label, words to say; whether the sheet of the hotline asks it too."""

    key: str
    dimension: str
    label: str
    ask: str
    is_on_sheet: bool = True


SIGNS = (
    Sign("sign_vulnerability", "recruitment_vulnerability", _("Vulnerability abused"),
         _("Did somebody use a hardship of yours, such as debt, age or papers, to make you work?")),
    Sign("sign_deception", "deceptive_recruitment", _("Deception"),
         _("Is the work, the pay or the place different from what you were promised?")),
    Sign("sign_movement", "coercion", _("Movement restricted"),
         _("Does somebody stop you from leaving when you want to?")),
    Sign("sign_isolation", "coercion", _("Isolation"),
         _("Does somebody keep you from talking to your family or to others?")),
    Sign("sign_violence", "coercion", _("Violence"), _("Has somebody hurt you?")),
    Sign("sign_threats", "coercion", _("Threats"),
         _("Has somebody threatened you or your family, or threatened to call the police?")),
    Sign("sign_documents", "coercion", _("Documents kept"), _("Is someone keeping your passport or your papers?")),
    Sign("sign_wages", "coercion", _("Wages withheld"), _("Is your pay kept from you, all of it or a part?")),
    Sign("sign_debt", "coercion", _("Debt bondage"), _("Must you work to pay back a debt?")),
    Sign("sign_conditions", "exploitation", _("Bad living conditions"),
         _("Are you kept without enough food, water, sleep or a clean place?")),
    Sign("sign_hours", "exploitation", _("Hours too long"), _("Must you work very long hours, without rest days?")),
    Sign("sign_forced", "coercive_recruitment", _("Forced to come or to begin"),
         _("Did somebody force you to come here, or to begin the work?"), is_on_sheet=False),
    Sign("sign_dependence", "destination_vulnerability", _("Dependence abused"),
         _("Does somebody make you stay because you need her or him for a bed, for food or for papers?"),
         is_on_sheet=False),
)  # fmt: skip

ASKED_BY_HOTLINE = tuple(sign for sign in SIGNS if sign.is_on_sheet)
BY_DIMENSION = tuple(sign for dimension in DIMENSIONS for sign in SIGNS if sign.dimension == dimension)
