"""Fetch a city's calls from its open portal: Socrata, ArcGIS or CKAN, by address."""

from lamplighter.history.portals.fetching import Fetched, fetch_calls
from lamplighter.history.portals.portal import PortalError

__all__ = ["Fetched", "PortalError", "fetch_calls"]
