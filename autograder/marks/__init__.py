"""Results to marks: deadlines, lateness, overrides, policy, totals."""
