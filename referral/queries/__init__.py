"""Reads of the map."""

from referral.queries.directory import ServiceCard, areas_of, needs, open_services, service_terms, services_for

__all__ = ["ServiceCard", "areas_of", "needs", "open_services", "service_terms", "services_for"]
