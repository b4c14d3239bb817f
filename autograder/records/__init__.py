"""What is kept: submissions, results, what they depend on, and the ledger.

`submission` is what was handed in, `moments` when, `hand_ins` which of them count;
`results` is what grading gave, `pictures` what a page may draw; `dependencies` says
what a result depends on; `ledger` keeps it all in SQLite (`ledger_rows`,
`ledger_file`, `ledger_check`) and gives `entries`; `folder_lock` lets one command at a
time work on it. `profile` says where the time of a run went.
"""
