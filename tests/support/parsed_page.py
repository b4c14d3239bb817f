"""A page taken apart, and text that no page must let through as it is."""

from html.parser import HTMLParser

EVIL = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    "\x1b[31mred\x1b[0m \u202egnp.exe\u202c \U000e0041 {{ 7*7 }} `'&lt;"
)
VOID = {"meta", "img", "path", "circle", "rect", "br", "hr", "link"}


class Parsed(HTMLParser):
    """Tags, attributes and text of a page, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]
