"""Helpdesk Recovery: from a complaint in a helpdesk to a fair recovery offer on the same ticket."""
