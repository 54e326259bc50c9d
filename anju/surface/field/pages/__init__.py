"""Pages of the technician's phone."""
