"""Configuration: what is in force, drafts with their consequence, review, versions, rollback."""
