"""Organizations and the people who work in them: founding, inviting, roles, freezing, own account, sign-in pages."""
