"""Where a run's time went, as a table for the terminal."""

from rich.table import Table

from autograder.records.profile import WHAT, RunProfile


def profile_table(profile: RunProfile) -> Table:
    """Return the table that ``grade --profile`` ends with."""
    table = Table(
        title=f"where the time of {profile.title} went",
        title_justify="left",
        caption=profile.adds_up,
        caption_justify="left",
    )
    table.add_column("part")
    for heading in ("processor (s)", "on the wall (s)"):
        table.add_column(heading, justify="right")
    table.add_column("what", overflow="fold")
    for part, seconds in profile.lines:
        numbers = (f"{seconds.cpu:.2f}", f"{seconds.wall:.2f}")
        table.add_row(part.value, *numbers, WHAT[part])
    table.add_section()
    total = profile.together
    table.add_row("together", f"{total.cpu:.2f}", f"{total.wall:.2f}", "")
    return table
