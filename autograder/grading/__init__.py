"""One submission to a result, in the trusted process.

`process_pool` shares jobs out, one `grader` a process; `grade` runs an assignment's
cases (`case_run`) on `proxy` functions, whose calls the worker answers; `diagnosis`
names wrong answers, `carried_forward` lets a mistake cost once, `comparison` and
`pictures` keep what a page shows.
"""
