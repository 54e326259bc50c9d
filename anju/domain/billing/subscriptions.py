"""What billing does when something happens below: leases activated, amended, ended."""
