"""What is kept: submissions, results, what they depend on, and the ledger."""
