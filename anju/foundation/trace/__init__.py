"""What happened, provably: events, timelines, hash chains, Merkle proofs."""
