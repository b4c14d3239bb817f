"""One submission to a result: ask, judge, follow, explain."""
