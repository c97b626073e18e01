"""No page is private: whoever looks for help finds the number without a password, and lessons are public.

Wagtail would let an editor put a password on a page, or give it to signed-in people only; a country's home would then
keep the number of its line from everybody. So the editor offers no privacy, its route is closed (cms.rules), and a
restriction that a row holds all the same, from an old backup, is not asked for.
"""

from wagtail.models import Page, PagePermissionTester, PageViewRestriction


def _nothing(page):
    """Return no restriction, without asking."""
    return PageViewRestriction.objects.none()


def _nobody(tester) -> bool:
    """Tell that nobody sets who may read a page."""
    return False


def keep_public() -> None:
    """Take privacy off every kind of page."""
    Page.private_page_options = []
    Page.get_view_restrictions = _nothing
    PagePermissionTester.can_set_view_restrictions = _nobody
