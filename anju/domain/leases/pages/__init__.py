"""合同: the list, a lease's page, and the forms that change it."""
