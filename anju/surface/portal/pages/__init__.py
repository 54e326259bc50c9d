"""A tenant's phone pages: plain forms and links, no script needed."""
