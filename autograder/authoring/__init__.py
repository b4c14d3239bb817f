"""For authors: the student template, proofs, mutants, reference models."""
