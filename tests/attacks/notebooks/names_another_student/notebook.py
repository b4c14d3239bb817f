from books import DOUBLE, QUADRUPLE, book

ZOE = "10002-500002 - Zoë Müller - Oct 9, 2026 1022 AM"
DATA = book(
    f"%run '../{ZOE}/a0_scale.ipynb'",
    f"open('../{ZOE}/a0_scale.ipynb', 'w')",
    "def double(values): return values",
    metadata={"authors": [{"name": "Zoë Müller", "id": "0013"}], "path": f"{ZOE}/"},
)
