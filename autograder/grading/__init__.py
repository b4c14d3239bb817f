"""One submission to a result, in the trusted process.

`process_pool` shares jobs out, one `grader` a process. `grade` takes four steps: `ask`
runs the cases on `proxy` functions, whose calls the worker answers, and keeps a
`case_record` of each; `judge` makes passed or failed of it; `follow` asks what failed
again with right earlier functions; `diagnosis` names wrong answers by `trials` of known
mistakes on the same calls, whose answers `known_answers` keeps, then by what is seen in
the answers alone: `slipping`, `branches`, `relations`, `layers_seen`. What a page shows
is kept by `comparison` and `pictures`. `meter` measures where time goes, where asked.
"""
