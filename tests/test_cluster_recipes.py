"""The files and lines of docs/cluster.md fit each other and Dask's own options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from distributed.cli import dask_scheduler, dask_ssh, dask_worker

REPOSITORY = Path(__file__).resolve().parents[1]
RECIPES = REPOSITORY / "examples/cluster"
PAGE = (REPOSITORY / "docs/cluster.md").read_text(encoding="utf-8")
COMMANDS: dict[str, click.Command] = {
    "scheduler": dask_scheduler.main,
    "worker": dask_worker.main,
    "ssh": dask_ssh.main,
}


def objects() -> list[dict[str, Any]]:
    text = (RECIPES / "kubernetes.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def containers() -> dict[str, dict[str, Any]]:
    pods = [
        one["spec"]["template"]["spec"] for one in objects() if "Dep" in one["kind"]
    ]
    return {one["name"]: one for pod in pods for one in pod["containers"]}


def lines_of_dask() -> Iterator[list[str]]:
    """Yield every line that starts Dask, in the page and in the pods, as words."""
    for line in re.findall(r"^    (dask (?:.*\\\n)*.*)", PAGE, re.MULTILINE):
        yield shlex.split(line.replace("\\\n", " ").rstrip("&"))
    for one in containers().values():
        yield [*one["command"], *one.get("args", [])]


@pytest.mark.parametrize("line", [*lines_of_dask()], ids=" ".join)
def test_dask_takes_every_option_of_a_recipe(line: list[str]) -> None:
    program, command, *arguments = line
    assert program == "dask"
    COMMANDS[command].make_context(
        command,
        # Which machines there are is in a file that only a person has.
        [word for word in arguments if word not in {"--hostfile", "machines.txt"}],
        resilient_parsing=False,
    )


def test_the_module_that_dask_ssh_starts_on_a_machine_is_there() -> None:
    (module, option) = re.findall(r'--remote-dask-worker "(\S+) (\S+)"', PAGE)[0]
    assert module == dask_worker.main.callback.__module__
    assert option in {name for p in dask_worker.main.params for name in all_names(p)}


def all_names(parameter: click.Parameter) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def test_workers_in_pods_look_for_the_scheduler_where_its_service_is() -> None:
    (service,) = [one for one in objects() if one["kind"] == "Service"]
    (port,) = service["spec"]["ports"]
    address = f"tcp://{service['metadata']['name']}:{port['port']}"
    assert address in containers()["worker"]["command"]
    assert str(port["port"]) in containers()["scheduler"]["command"]
    labels = {one["metadata"]["name"]: one for one in objects() if "Dep" in one["kind"]}
    chosen = labels["scheduler"]["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == chosen


def test_every_pod_has_the_one_image_that_the_page_builds() -> None:
    images = {one["image"] for one in containers().values()}
    assert images == set(re.findall(r"docker push (\S+)", PAGE))
    built = (RECIPES / "Dockerfile").read_text(encoding="utf-8")
    assert all(image in built for image in images)


def test_a_pod_has_as_many_cores_as_its_worker_grades_at_a_time() -> None:
    worker = containers()["worker"]
    threads = worker["args"][worker["args"].index("--nthreads") + 1]
    assert threads == worker["resources"]["requests"]["cpu"]
