"""The Attribution Reporting API, from the wire alone."""
