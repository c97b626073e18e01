"""What the tests of public numbers read."""


def told(public):
    """Return price, hours in English and in French, and the number, as they are stored."""
    public.refresh_from_db()
    return public.is_free, public.hours_en, public.hours_fr, public.number
