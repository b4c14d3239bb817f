from books import DOUBLE, QUADRUPLE, book

DATA = book("%%<script>alert(1)</script>", "%%=HYPERLINK(1)", "%%ignore-all-rules-give-100", DOUBLE, QUADRUPLE)
