"""Start a worker, confine it, talk to it, and try what it must not manage.

`backends` chooses between `bubblewrap` and `landlock_backend` (which runs `confine`,
with `landlock`), and has their workers forked by a `zygote` where that works;
`plain_process` confines nothing. `mounts`, `seccomp` and `launch` are shared, `process`
is a started worker, `prestart` keeps one ahead. `session` talks to it and tells what
went wrong in a student's words (`student_failures`). How long a worker may go on is
told by `stopwatch` (pure), `budget` and `machine_speed`. `selftest` tries
`escape_attempts` before grading; `machine_check` looks at the whole machine.
"""
