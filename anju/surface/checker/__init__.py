"""The books, checked by somebody who did not write them: laws from the rules, in SQL and arithmetic of their own.

Nothing here calls the product's rules, plans or proofs: what it computes by one text, this computes by another.
"""
