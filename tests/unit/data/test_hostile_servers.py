"""Downloads that are too large, too slow, or not what they should be."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dasr.data.benchmarks import fetch_set
from dasr.errors import UserError
from tests.sets import png
from tests.unit.data.server import Server
from tests.unit.data.test_benchmarks import (
    IMAGES,
    PATIENCE,
    _fetch,
    _nothing_in_place,
    _set,
    _sha,
    _whole,
    _zip,
    server,
)

__all__ = ["server"]  # the fixture


def _largest(root: Path) -> int:
    """Return the bytes of the largest file below a folder."""
    return max((path.stat().st_size for path in root.rglob("*") if path.is_file()), default=0)


def test_an_endless_file_is_cut_off(server: Server, tmp_path: Path) -> None:
    server.endless = True
    with pytest.raises(UserError, match=r"refused: larger than 1\.0 MB"):
        _fetch(_set(server, tmp_path, megabytes=0.01), tmp_path)
    assert _largest(tmp_path) == 0
    assert len(server.asked) == 1


def test_a_file_too_large_is_not_begun(server: Server, tmp_path: Path) -> None:
    server.files["/set.zip"] = bytes(2_000_000)
    with pytest.raises(UserError, match="refused: larger than"):
        _fetch(_set(server, tmp_path, megabytes=0.5), tmp_path)
    assert _largest(tmp_path) == 0


def test_a_member_too_large_is_not_unpacked(server: Server, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("HR/img_1.png", bytes(20_000_000))
    server.files["/bomb.zip"] = buffer.getvalue()
    with pytest.raises(UserError, match=r"unpacked to more than expected at 'img_1\.png'"):
        _fetch(_set(server, tmp_path, "/bomb.zip"), tmp_path)
    assert _nothing_in_place(tmp_path)


@pytest.mark.parametrize("pause", [0.01, 5.0])
def test_a_server_that_is_silent_or_nearly_so_is_given_up(
    server: Server, tmp_path: Path, pause: float
) -> None:
    server.pause = pause
    server.files["/set.zip"] = bytes(200)
    quick = {**PATIENCE, "timeout": (2.0, 0.05), "attempts": 2}
    with pytest.raises(UserError, match="no success in 2 attempts"):
        fetch_set(_set(server, tmp_path), tmp_path, print, **quick)
    assert len(server.asked) == 2


def test_redirects_are_followed_and_circles_are_not(server: Server, tmp_path: Path) -> None:
    server.redirects = {"/old.zip": "/set.zip", "/a.zip": "/b.zip", "/b.zip": "/a.zip"}
    server.redirects["/local.zip"] = "file:///etc/passwd"
    benchmark = _set(server, tmp_path)
    for path, reason in (("/a.zip", "redirects"), ("/local.zip", "No connection adapters")):
        server.asked.clear()
        archives = (replace(benchmark.archives[0], url=path),)
        with pytest.raises(UserError, match=rf"{path}: .*{reason}"):
            _fetch(replace(benchmark, archives=archives), tmp_path)
        assert len(server.asked) <= 31  # one attempt
    archives = (replace(benchmark.archives[0], url="/old.zip"),)
    _fetch(replace(benchmark, archives=archives), tmp_path)
    assert _whole(benchmark, tmp_path)


def test_only_verified_downloads_are_recorded(server: Server, tmp_path: Path) -> None:
    right = server.files["/set.zip"]
    benchmark = _set(server, tmp_path, sha256=None)
    server.files["/set.zip"] = _zip(
        {f"HR/{n}.png": d for n, d in {**IMAGES, "img_2": png(252, 160, seed=9)}.items()}
    )
    with pytest.raises(UserError, match=r"not the pixels of .* run it again") as caught:
        _fetch(benchmark, tmp_path)
    kept = str(caught.value).partition("kept as ")[2].partition(": run")[0]
    assert Path(kept).read_bytes() == server.files["/set.zip"]
    assert not (tmp_path / "downloads.yaml").exists()
    server.files["/set.zip"] = right
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)
    record = yaml.safe_load((tmp_path / "downloads.yaml").read_text())
    assert record[server.address + "/set.zip"]["sha256"] == _sha(right)


def test_a_wrong_record_is_mended_by_deleting_it(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path, sha256=None)
    record = tmp_path / "downloads.yaml"
    record.write_text(yaml.safe_dump({server.address + "/set.zip": {"sha256": "0" * 64}}))
    with pytest.raises(UserError, match=f"was the wrong one, delete {record}"):
        _fetch(benchmark, tmp_path)
    record.unlink()
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


@pytest.mark.parametrize("content", [b"{", b"- 1", b"a: 1", b"a: {sha256: 7}", b"\xff", b"a"])
def test_a_damaged_record_is_one_line(server: Server, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "downloads.yaml").write_bytes(content)
    with pytest.raises(UserError, match=r"downloads\.yaml: damaged; delete it"):
        _fetch(_set(server, tmp_path), tmp_path)


def test_what_a_killed_program_left_goes(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path)
    parent = (tmp_path / benchmark.folder).parent
    for name in (".HR.4711", ".HR.unpacking", ".HR.mine"):
        (parent / name).mkdir(parents=True)
        (parent / name / "img_1.png").write_bytes(b"half")
    (tmp_path / ".downloads").mkdir()
    (tmp_path / ".downloads/tmpx1y2z3").write_bytes(b"half")
    _fetch(benchmark, tmp_path)
    assert sorted(path.name for path in parent.iterdir()) == [".HR.mine", "HR"]
    assert [path.name for path in (tmp_path / ".downloads").iterdir()] == ["lock"]
