"""Release notebooks open in JupyterLab: the server that students start can serve and parse them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.tests.end_to_end.conftest import ROOT

TOKEN = "release-opens"
NOTEBOOKS = sorted(path.relative_to(ROOT / "release") for path in ROOT.glob("release/*/*.ipynb"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab over release/, on a port of its own choice."""
    home = tmp_path_factory.mktemp("jupyter")
    log = home / "log"
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
        "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={ROOT / 'release'}",
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)}
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=home
        ) as process,
    ):
        try:
            yield wait_for_address(log, process)
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        match = re.search(r"http://127\.0\.0\.1:(\d+)/lab", log.read_text("utf-8", "replace"))
        if match:
            return f"http://127.0.0.1:{match[1]}"
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace"))


def get(server: str, path: str) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - a server of ours
        server + path, headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - a server of ours
        return bytes(answer.read())


def test_there_are_release_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS] == [
        "Dropout.ipynb",
        "FullyConnectedNets.ipynb",
        "Quiz8.ipynb",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=str)
def test_a_release_notebook_opens(server: str, notebook: Path) -> None:
    assert b"jupyter-config-data" in get(server, f"/lab/tree/{notebook}")
    answer = json.loads(get(server, f"/api/contents/{notebook}?type=notebook"))
    assert not answer.get("message")  # what JupyterLab shows when a notebook is not valid
    nbformat.validate(nbformat.from_dict(answer["content"]))
    kernel = answer["content"]["metadata"]["kernelspec"]["name"]
    assert kernel in json.loads(get(server, "/api/kernelspecs"))["kernelspecs"]
