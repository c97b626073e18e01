"""Words of the hotline's pages."""

from django import template

from hotline.queries.danger import clock

register = template.Library()
register.filter("clock", clock)
