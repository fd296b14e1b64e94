"""Proofs about a policy with z3: one formula for all of its tables, over classes of facts."""
