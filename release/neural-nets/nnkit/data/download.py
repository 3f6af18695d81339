"""One verified download of CIFAR-10 into the cache folder."""

import os
import shutil
import sys
import tarfile
import tempfile
import threading
from pathlib import Path

from nnkit.data.batches import FOLDER, TEST, TRAINING
from nnkit.progress import ProgressBar

URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
MD5 = "c58f30108f718f92721af3b95e74349a"
CONNECT_SECONDS = 4.0


class DownloadFailed(Exception):
    """CIFAR-10 could not be downloaded; the message is the reason, in a few words."""


def cache_folder():
    """Where this platform keeps what can be downloaded again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "nnkit"


def is_offline():
    """Whether NNKIT_OFFLINE forbids downloads."""
    return os.environ.get("NNKIT_OFFLINE", "0") not in ("", "0")


def download_batches(quiet=False):
    """Download, verify and unpack CIFAR-10; return the folder that holds its batches.

    Raises
    ------
    DownloadFailed
        If downloads are off, pooch is not installed, or anything goes wrong on the way.
    """
    if is_offline():
        raise DownloadFailed("NNKIT_OFFLINE is set")
    try:
        import pooch
    except ImportError:
        raise DownloadFailed("the package pooch is needed to download it") from None
    if not _reachable(URL):
        raise DownloadFailed("no connection to its server")
    pooch.get_logger().setLevel("ERROR")
    downloader = pooch.HTTPDownloader(progressbar=_PoochBar(quiet), timeout=(CONNECT_SECONDS, 30.0))
    try:
        archive = Path(
            pooch.retrieve(URL, known_hash=f"md5:{MD5}", path=cache_folder(), downloader=downloader)
        )
        folder = unpack(archive, cache_folder())
        archive.unlink()
    except (OSError, ValueError, tarfile.TarError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise DownloadFailed(f"the download failed: {reason}") from None
    return folder


def unpack(archive, target):
    """Unpack the batches into `target`, all six or nothing; return their folder.

    Only the contents of six regular files are taken, under names of ours: nothing in an archive
    can land anywhere else.
    """
    with tempfile.TemporaryDirectory(dir=target) as scratch:
        folder = Path(scratch) / FOLDER
        folder.mkdir()
        with tarfile.open(archive) as tar:
            for name in (*TRAINING, TEST):
                try:
                    member = tar.getmember(f"{FOLDER}/{name}")
                except KeyError:
                    member = None
                if member is None or not member.isreg():
                    raise ValueError(f"{archive} does not hold the six batches in {FOLDER}")
                with tar.extractfile(member) as content, open(folder / name, "wb") as file:
                    shutil.copyfileobj(content, file)
        shutil.rmtree(target / FOLDER, ignore_errors=True)  # incomplete, else no need to download
        os.replace(folder, target / FOLDER)
    return target / FOLDER


def _reachable(url):
    """Whether the server answers within a few seconds.

    Asked in a thread because looking up a name can hang for much longer than any timeout.
    """
    answered = []

    def ask():
        import requests  # comes with pooch

        try:
            requests.head(url, timeout=CONNECT_SECONDS)
            answered.append(True)
        except requests.RequestException:
            pass

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    return bool(answered)


class _PoochBar:
    """Our progress bar behind the four names that pooch wants."""

    def __init__(self, quiet):
        self.total, self._done = 0, 0
        self._bar = ProgressBar(1, "downloading CIFAR-10", enabled=not quiet)

    def update(self, count):
        self._done += count
        self._bar.total = max(self.total // 1_000_000, 1)
        self._bar.update(self._done // 1_000_000, "MB")

    def reset(self):
        """Pooch calls this at the end, before it reports the whole size again."""
        self._done = 0

    def close(self):
        self._bar.clear()
