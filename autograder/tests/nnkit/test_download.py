"""Does the download verify, unpack safely, and fail fast? The server is on this machine."""

from __future__ import annotations

import hashlib
import http.server
import tarfile
import threading
import time
from functools import partial

import pytest
from nnkit.data import download
from nnkit.data.batches import find_batches
from nnkit.data.download import DownloadFailed, cache_folder, download_batches, unpack

from autograder.tests.nnkit.batches import write_batches


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(monkeypatch, tmp_path):
    """A server that has an archive of batches; nnkit takes it for the real one."""
    write_batches(tmp_path / "cifar-10-batches-py", per_batch=2)
    site = tmp_path / "site"
    site.mkdir()
    archive = site / "cifar.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
    handler = partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(download, "URL", f"http://127.0.0.1:{server.server_port}/cifar.tar.gz")
        checksum = hashlib.md5(archive.read_bytes())  # noqa: S324 - CIFAR-10 is published with one
        monkeypatch.setattr(download, "MD5", checksum.hexdigest())
        monkeypatch.setenv("NNKIT_OFFLINE", "0")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield
        server.shutdown()


def test_the_batches_land_in_the_cache_and_the_archive_goes(served, capfd):
    folder = download_batches()
    assert folder == cache_folder() / "cifar-10-batches-py"
    assert [path.name for path in cache_folder().iterdir()] == ["cifar-10-batches-py"]
    assert (folder / "test_batch").is_file()
    assert capfd.readouterr().err == ""


def test_another_checksum_is_refused_and_nothing_is_kept(served, monkeypatch):
    monkeypatch.setattr(download, "MD5", "0" * 32)
    with pytest.raises(DownloadFailed, match="download failed"):
        download_batches()
    assert list(cache_folder().iterdir()) == []


def test_no_server_is_noticed_at_once(served, monkeypatch):
    monkeypatch.setattr(download, "URL", "http://127.0.0.1:9/cifar.tar.gz")
    start = time.monotonic()
    with pytest.raises(DownloadFailed, match="no connection"):
        download_batches()
    assert time.monotonic() - start < 8


def test_only_the_batches_are_taken_out_of_an_archive(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    write_batches(tmp_path / "cifar-10-batches-py", per_batch=2)
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
        tar.add(__file__, "../../evil")
        tar.add(__file__, "cifar-10-batches-py/evil")
    folder = unpack(tmp_path / "a.tar", inside)
    assert not list(tmp_path.parent.rglob("evil"))
    assert find_batches(folder) == folder
    assert len(list(folder.iterdir())) == 6


def test_a_link_in_the_place_of_a_batch_is_refused(tmp_path):
    write_batches(tmp_path / "cifar-10-batches-py", per_batch=2)
    batch = tmp_path / "cifar-10-batches-py" / "test_batch"
    batch.unlink()
    batch.symlink_to("/etc/passwd")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
    (tmp_path / "inside").mkdir()
    with pytest.raises(ValueError, match="does not hold the six batches"):
        unpack(tmp_path / "a.tar", tmp_path / "inside")
    assert list((tmp_path / "inside").iterdir()) == []


def test_an_archive_of_something_else_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "file", "file")
    with pytest.raises(ValueError, match="does not hold the six batches"):
        unpack(tmp_path / "a.tar", tmp_path)


def test_offline_means_offline():
    with pytest.raises(DownloadFailed, match="NNKIT_OFFLINE is set"):
        download_batches()
