"""Build the docs site into a folder: ``build.py --demo demo-out --out docs-out``.

The pages are the Markdown files of ``docs/``, the handouts, and the docstrings; the
screenshots are taken of the demo. What links to a file of the repository that is no
page of the site becomes that file's name: the site is read offline. A link that leads
nowhere stops the build, be it in a page's source or in what comes out.
"""

import argparse
import re
import shutil
import sys
import urllib.parse
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import screenshots
from screenshots import Stop

import autograder
from autograder.authoring import handouts

HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[1]
PAGES = {
    "SECURITY.md": "policy.md",
    "student_template/README.md": "template.md",
    "student_template/RULES.md": "rules.md",
}
"""Files outside of ``docs/`` that are pages, with their names there."""
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
NOT_MEASURED = """\
# Performance

`make bench` measures what grading costs and writes this page. What is known of workers
and of time stands [for maintainers](maintainers.md#warm-workers).
"""


def stage(source: Path, demo: Path) -> None:
    """Put together what Sphinx reads."""
    shutil.copytree(COURSE / "docs", source, ignore=_not_a_page)
    for name, here in PAGES.items():
        shutil.copy(COURSE / name, source / here)
    for name in ("conf.py", "index.md"):
        shutil.copy(HERE / name, source / name)
    if not (source / "performance.md").exists():
        (source / "performance.md").write_text(NOT_MEASURED, encoding="utf-8")
    origins = {here: (COURSE / name).parent for name, here in PAGES.items()}
    for page in set(source.glob("*.md")) - {source / "index.md"}:
        origin = origins.get(page.name, COURSE / "docs")
        text = page.read_text(encoding="utf-8")
        page.write_text(relinked(text, origin, page.name), encoding="utf-8")
    made = source / "extra" / "handouts"
    handouts.write(COURSE, made)
    screenshots.take_all(demo, made, source / "screenshots")
    write_api(source / "api")


def _not_a_page(folder: str, names: list[str]) -> list[str]:
    if Path(folder) != COURSE / "docs":
        return []
    return [name for name in names if not name.endswith((".md", ".png"))]


def relinked(text: str, origin: Path, page: str) -> str:
    """Point a page's links to the site, or leave the name of what is not in it.

    origin : the folder to which they are relative
    Raises Stop for one that leads nowhere
    """

    def point(found: re.Match[str]) -> str:
        words, target = found[1], found[2]
        if target.startswith(("https:", "http:", "#")):
            return found[0]
        path, _, anchor = target.partition("#")
        there = (origin / path).resolve()
        if not there.exists():
            raise Stop(f"{page}: a link leads nowhere: {target}")
        inside = there.relative_to(COURSE).as_posix()
        handout = re.fullmatch(
            r"(?:student_template|assignments)/(\w+)/README\.md", inside
        )
        if handout:
            return f'<a href="handouts/{handout[1]}.html">{words}</a>'
        known = PAGES.get(inside, inside.removeprefix("docs/"))
        if known.endswith(".md") and "/" not in known and known != "README.md":
            return f"[{words}]({known}{'#' + anchor if anchor else ''})"
        return f"{words} (`{inside}`)" if inside not in words else f"`{inside}`"

    return LINK.sub(point, text)


def write_api(folder: Path) -> None:
    """Write a page for every room of the package, its modules' docstrings on it."""
    package = Path(autograder.__file__).parent
    rooms = {p.parent for p in package.rglob("*.py") if p.parent != package}
    top = {room for room in rooms if room.parent == package and _modules(room)}
    folder.mkdir()
    names = [room.name for room in sorted(top)]
    lines = [
        "# API",
        "",
        "The rooms of `autograder`, by their docstrings. Data flows one",
    ]
    lines += ["way through them: see the first lines of the package.", ""]
    lines += ["```{eval-rst}", ".. automodule:: autograder", "   :no-members:", "```"]
    lines += ["", "```{toctree}", ":maxdepth: 1", "", *names, "```", ""]
    (folder / "index.md").write_text("\n".join(lines), encoding="utf-8")
    for room in sorted(top):
        parts = [f"# {room.name}", ""]
        for module in _modules(room):
            if module.stem == "__init__":
                options, title = "   :no-members:", ""
            else:
                options, title = "", module.stem
            dotted = ".".join(module.relative_to(package.parent).with_suffix("").parts)
            dotted = dotted.removesuffix(".__init__")
            parts += [f"## {title}", ""] if title else []
            parts += ["```{eval-rst}", f".. automodule:: {dotted}", options, "```", ""]
        (folder / f"{room.name}.md").write_text("\n".join(parts), encoding="utf-8")


def _modules(room: Path) -> list[Path]:
    """Return a room's modules, its own docstring first; no scripts, no skeleton."""
    found = [p for p in room.rglob("*.py") if not {"scripts", "skeleton"} & {*p.parts}]
    return sorted(found, key=lambda p: (p.name != "__init__.py" or p.parent != room, p))


class _Targets(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the ids, and where the tag points."""
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        wanted = {"a": "href", "link": "href", "img": "src", "script": "src"}.get(tag)
        if wanted and wanted in found:
            self.links.append(found[wanted])


def broken(site: Path) -> Iterator[str]:
    """Yield a line for each link of the site that leads nowhere in it."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        pages[path] = _Targets()
        pages[path].feed(path.read_text(encoding="utf-8"))
    for path, page in pages.items():
        where = path.relative_to(site)
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme in {"http", "https", "mailto", "data"}:
                continue
            there = (path.parent / urllib.parse.unquote(parts.path)).resolve()
            there = path if not parts.path else there
            if not there.exists():
                yield f"{where}: no {link}"
            elif parts.fragment and there in pages:
                anchor = urllib.parse.unquote(parts.fragment)
                if anchor not in pages[there].ids:
                    yield f"{where}: no such place: {link}"


def from_elsewhere(site: Path) -> Iterator[str]:
    """Yield a line for each script, style or picture that would be fetched."""
    wanted = re.compile(
        r"""<(?:script|img|link)[^>]*\s(?:src|href)=["'](https?:[^"']+)"""
    )
    for path in sorted(site.rglob("*.html")):
        for address in wanted.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)}: fetches {address}"


def main() -> int:
    """Stage, build, check; say where the site is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--demo", type=Path, default=Path("demo-out"))
    parser.add_argument("--out", type=Path, default=Path("docs-out"))
    given = parser.parse_args()
    source, site = given.out / "source", given.out / "html"
    shutil.rmtree(given.out, ignore_errors=True)
    given.out.mkdir(parents=True)
    try:
        stage(source, given.demo)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    # Only who builds the site has it: it is of the extra `docs`.
    from sphinx.cmd.build import build_main  # noqa: PLC0415

    if build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(site)]):
        return 1
    wrong = [*broken(site), *from_elsewhere(site)]
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"The site is in {site}/: open {site}/index.html in a browser.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
