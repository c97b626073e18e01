"""System checks: what must never be switched on where real people call."""

from django.conf import settings
from django.core.checks import Error, Tags, register

FORBIDDEN = {
    "DEMO": "the demo's ribbon and example data",
    "DEMO_SIGN_IN": "one-click sign-in as anybody",
    "SIMULATOR": "the on-screen phone that signs its own webhooks",
    "KEEPS_LETTERS": "the demo's store of letters that were sent, with links that still work",
    "DEBUG": "error pages that show the code",
}


@register(Tags.security)
def demo_is_off_in_production(app_configs, **kwargs) -> list[Error]:
    """Return an error for each switch of the demo that is on under the production profile."""
    if settings.PROFILE != "production":
        return []
    return [
        Error(
            f"{name} is on in production: {words}.",
            hint=f"Take {name} out of the settings, and FANAL_DEMO out of the environment.",
            id=f"fanal.{name.lower()}",
        )
        for name, words in FORBIDDEN.items()
        if getattr(settings, name, False)
    ]
