"""What is kept: submissions, results, what they depend on, and the ledger.

`submission` is what was handed in, `results` what grading it gave, `pictures` what a
page may draw; `dependencies` says what a result depends on; `ledger` keeps it all in
SQLite (`ledger_rows`, `ledger_file`, `ledger_check`), and `folder_lock` lets one
command at a time work on it.
"""
