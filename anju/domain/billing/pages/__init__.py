"""收租: arrears, bills, payments, runs."""
