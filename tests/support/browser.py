"""A headless Chromium that measures a page in a frame as wide as a screen."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from patience import PATIENCE_SECONDS

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FRAME = """<iframe src="{name}" style="width:{width}px;height:800px;border:0"></iframe>
<p>waiting</p><script>onload = () => {{
const inner = frames[0].document;
inner.querySelectorAll('details').forEach(d => d.open = true);
document.querySelector('p').textContent = 'width '
+ inner.documentElement.scrollWidth + ' height '
+ inner.documentElement.scrollHeight;}}</script>"""


OF_ITS_OWN = re.compile(r"https?://[\w.-]+\.(google|googleapis)\.com/")
"""Where Chromium calls home, whatever page it shows."""


@dataclass(frozen=True)
class Seen:
    """What the browser made of a page, all of it unfolded.

    width, height : that the page takes, in pixels
    console : what the browser complained of; asked : addresses that it asked for
    """

    width: int
    height: int
    console: list[str]
    asked: set[str]


def seen_at(page: Path, width: int) -> Seen:
    """Open the page in a frame of so many pixels."""
    log = page.with_name("net.json")
    frame = page.with_name(f"frame-{width}.html")
    frame.write_text(FRAME.format(name=page.name, width=width), encoding="utf-8")
    ran = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync"),
            "--disable-features=OptimizationHints,OptimizationGuideModelDownloading",
            *("--allow-file-access-from-files", "--hide-scrollbars"),
            *("--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000"),
            f"--user-data-dir={page.with_name('profile')}",
            f"--log-net-log={log}",
            "--dump-dom",
            frame.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    found = re.search(r"width (\d+) height (\d+)", ran.stdout)
    assert found is not None, ran.stdout
    urls = set(re.findall(r'"url":"(https?:[^"]*)"', log.read_text(encoding="utf-8")))
    return Seen(
        width=int(found[1]),
        height=int(found[2]),
        console=[line for line in ran.stderr.splitlines() if "CONSOLE" in line],
        asked={url for url in urls if not OF_ITS_OWN.match(url)},
    )
