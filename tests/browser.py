"""A headless Chromium that measures a page in a frame as wide as a screen."""

import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FRAME = """<iframe src="{name}" style="width:{width}px;height:800px;border:0"></iframe>
<p>waiting</p><script>onload = () => {{
const inner = frames[0].document;
inner.querySelectorAll('details').forEach(d => d.open = true);
document.querySelector('p').textContent = 'width '
+ inner.documentElement.scrollWidth + ' height '
+ inner.documentElement.scrollHeight;}}</script>"""


def measured(page: Path, width: int) -> tuple[int, int, str]:
    """Return the width and height that the page takes, all of it unfolded.

    The third value is what the browser complained of on its console
    """
    frame = page.with_name(f"frame-{width}.html")
    frame.write_text(FRAME.format(name=page.name, width=width), encoding="utf-8")
    ran = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync"),
            *("--allow-file-access-from-files", "--hide-scrollbars"),
            *("--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000"),
            f"--user-data-dir={page.with_name('profile')}",
            "--dump-dom",
            frame.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = re.search(r"width (\d+) height (\d+)", ran.stdout)
    assert found is not None, ran.stdout
    console = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    return int(found[1]), int(found[2]), "\n".join(console)
