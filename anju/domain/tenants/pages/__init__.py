"""租客: the list and a tenant's page."""
