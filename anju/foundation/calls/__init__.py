"""Masked calls (隐私号): two people of a case talk over a number of the provider's pool, neither sees the other's.

    ask(by, case_id=7)      # a technician or the tenant: the number to dial, for some minutes

Phones are opened in memory for the provider and stored nowhere here, except a colleague's own, sealed. What was called
comes back from the provider and stands on the case's timeline and in 我的资料 of the person who was called.
"""
