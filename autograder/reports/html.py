"""What all HTML pages share: the templates, and how text, points and moments read.

Whatever stands in a submission, a roster or a download is text on a page: every value
that the templates write goes through `plain`, then through Jinja's escaping. A page is
one file, complete in itself: no scripts, nothing asked of the network.
"""

import base64
import hashlib
import re
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.kinds import KINDS
from autograder.marks.numbers import exact, shown
from autograder.records.pictures import Drawn
from autograder.records.results import CaseResult, Comparison, Diagnosis, QuestionResult
from autograder.reports.picture_words import describe
from autograder.text import plain

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def render(template: str, **values: Any) -> str:
    """Return the page; the same values give the same bytes."""
    return _environment().get_template(template).render(**values)


def safe_name(identifier: str, otherwise: str) -> str:
    """Name a file by an id, or by a hash of `otherwise` where that is no plain name.

    >>> safe_name("0012", "s1"), safe_name("../x", "s1")
    ('0012', 'e8bc163c82eee187')
    """
    if _PLAIN_ID.fullmatch(identifier) and "-attempt" not in identifier:
        return identifier
    return anchor(otherwise, 16)


def anchor(text: str, length: int = 8) -> str:
    """Return an id that any text can have, of hexadecimal digits."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:length]


def words(name: str) -> str:
    """Write an identifier as words: ``not_flipped`` as ``not flipped``."""
    if name in KINDS:
        return KINDS[name].words
    return name.replace("_", " ")


def headline(name: str) -> str:
    """Write what a mistake is called as a heading.

    What was seen in the answers alone has no name but the sentence that tells it: in
    other letters that would quote other code

    >>> headline("not_flipped"), headline("conv2d: the first row is `p * STRIDE_H`")
    ('Not flipped', 'Seen in the answers')
    """
    return words(name).capitalize() if name.isidentifier() else "Seen in the answers"


def cause(name: str) -> str:
    """Write what a mistake is called within a sentence, as `headline` does above one.

    >>> cause("not_flipped"), cause("conv2d: the first row is `p * STRIDE_H`")
    ('not flipped', 'what is seen in the answers')
    """
    return words(name) if name.isidentifier() else "what is seen in the answers"


def points(value: float) -> str:
    """Write points as people do: at most two decimals, none where whole.

    >>> points(12.0), points(33.3333)
    ('12', '33.33')
    """
    return shown(exact(value))


def when(moment: datetime | None) -> str:
    """Write a moment with its weekday; "" for None."""
    if moment is None:
        return ""
    # A course's own zone goes without saying; a fixed offset to UTC does not.
    zone = f" {moment.tzname()}" if isinstance(moment.tzinfo, timezone) else ""
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M}{zone}"


def image(svg: str, alt: str) -> Markup:
    """Return a drawing as an image that lies in the page itself."""
    data = base64.b64encode(svg.encode()).decode()
    return Markup(
        '<img class="plot" alt="{}" src="data:image/svg+xml;base64,{}">'
    ).format(plain(alt), data)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters.update(
        points=points,
        words=words,
        headline=headline,
        cause=cause,
        read_on=_read_on,
        plot=_plot,
        picture=_picture,
        says=_says,
        share=_share,
        prose=_prose,
        percent=_percent,
        tenth=_tenth,
        signed=_signed,
        when=when,
    )
    return environment


def _finalize(value: Any) -> Any:
    """Pass every text of a page through `plain`, but for what is markup already."""
    return (
        plain(value)
        if isinstance(value, str) and not isinstance(value, Markup)
        else value
    )


def _says(case: CaseResult, question: QuestionResult) -> list[Diagnosis]:
    """Return the question's diagnoses that explain this case."""
    return [d for d in question.diagnoses if d.name in case.misconceptions]


def _prose(text: str) -> Markup:
    """Set what stands between backticks as code.

    >>> _prose("use `+=` < here")
    Markup('use <code>+=</code> &lt; here')
    """
    parts = [escape(part) for part in plain(text).split("`")]
    if len(parts) % 2 == 0:  # a backtick without its partner
        parts[-2:] = [parts[-2] + "`" + parts[-1]]
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def _read_on(see: str) -> str:
    """Write ``README.md#2-pad1d`` as a reader would say it."""
    document, _, section = see.partition("#")
    return f"{document}, “{section.replace('-', ' ')}”" if section else document


def _percent(share: float) -> str:
    """Write a share of 1 in whole percent; only all is 100, only nothing is 0.

    >>> [_percent(share) for share in (0.305, 0.997, 0.003, 1, 0)]
    ['30', '99', '1', '100', '0']
    """
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return str(whole)


def _tenth(value: float) -> str:
    """Write a measured value to one decimal, a whole one too.

    >>> _tenth(61.25), _tenth(60)
    ('61.2', '60.0')
    """
    return f"{value:.1f}"


def _signed(value: float) -> str:
    """Write a correlation to two decimals, with a minus and not a hyphen.

    A negative one stays so where it rounds to nothing
    >>> _signed(-0.305), _signed(0.5), _signed(-0.001)
    ('−0.30', '0.50', '−0.00')
    """  # noqa: RUF002 the minus is meant
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


class _Scored(Protocol):
    @property
    def score(self) -> float: ...

    @property
    def possible(self) -> float: ...


def _share(question: _Scored) -> str:
    """Return the part of a question's points that was reached, in percent."""
    part = question.score / question.possible if question.possible else 1.0
    return points(100 * min(max(part, 0.0), 1.0))


def _plot(comparison: Comparison) -> Markup:
    # matplotlib takes most of a second to load, and a class may need no plot.
    from autograder.reports.plots import comparison_svg  # noqa: PLC0415
    from autograder.reports.plots import describe as description  # noqa: PLC0415,

    return image(comparison_svg(comparison), description(comparison))


def _picture(picture: Drawn) -> Markup:
    from autograder.reports.picture_plots import picture_svg  # noqa: PLC0415 as above

    return image(picture_svg(picture), describe(picture))
