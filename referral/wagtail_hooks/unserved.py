"""A notice on the editor's first page, where programme managers begin: cases of their country that nobody sees."""

from wagtail.admin.ui.components import Component

from referral.queries.unserved import Unserved


class UnservedPanel(Component):
    """Says how many cases there are and what to do; of the cases themselves nothing."""

    name = "unserved"
    template_name = "referral/admin/unserved.html"
    order = 10

    def __init__(self, unserved: list[Unserved]):
        self.unserved = unserved

    def get_context_data(self, parent_context):
        """Return the countries."""
        return {"unserved": self.unserved}
