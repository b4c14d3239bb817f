"""Results to marks: `rules` asks for them, the others know one thing each.

`policy` and `overrides` read what an instructor decided, `deadlines` which attempt
counts, `lateness` what being late costs, `marking` puts them together, `class_marks` is
who gets what, `totals` a course's total, `numbers` how points are rounded and written.
"""
