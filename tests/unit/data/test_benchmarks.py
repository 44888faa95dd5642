"""Fetching image sets from a server on this machine."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dasr.config.benchmarks import Archive, BenchmarkSet, KnownImage
from dasr.data.benchmarks import fetch_set, verify_set
from dasr.data.benchmarks.download import CHUNK
from dasr.data.benchmarks.fetch import part_digest
from dasr.data.images import read_image
from dasr.errors import UserError
from tests.sets import png
from tests.unit.data.server import Server, serving

IMAGES = {f"img_{n}": png(250 + n, 160, seed=n) for n in (1, 2, 3)}
PATIENCE: dict[str, Any] = {"wait": 0.0, "timeout": (2.0, 2.0), "progress": False}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        running.files["/set.zip"] = _zip({f"HR/{n}.png": d for n, d in IMAGES.items()})
        yield running


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("HR/", "")
        for name, content in members.items():
            packed.writestr(name, content)
        packed.writestr("LR/img_1.png", b"the LR image of the same name")
        packed.writestr("HR/readme.txt", b"not an image")
    return buffer.getvalue()


def _tar(members: dict[str, bytes], link: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tape:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tape.addfile(entry, io.BytesIO(content))
        if link:
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tape.addfile(entry)
    return buffer.getvalue()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _known(name: str, content: bytes, folder: Path) -> KnownImage:
    """Return an image of the registry; its shared part is 11 pixels smaller each way."""
    path = folder / f"{name}.png"
    path.write_bytes(content)
    pixels = read_image(path)
    path.unlink()
    height, width = pixels.shape[:2]
    part = pixels[: height - 11, : width - 11]
    digest = hashlib.sha256(f"{width - 11}x{height - 11}".encode() + part.tobytes())
    return KnownImage(name=name, title=f"title of {name}", width=width, height=height,
                      pixels=digest.hexdigest()[:16])  # fmt: skip


def _set(
    server: Server, tmp_path: Path, path: str = "/set.zip", **changes: Any
) -> BenchmarkSet:
    """Return a set of three images in one archive; changes are made to the archive."""
    options = {"url": path, "members": "HR/*.png", "megabytes": 0.01}
    options["sha256"] = _sha(server.files[path])
    known = tuple(_known(name, content, tmp_path) for name, content in IMAGES.items())
    return BenchmarkSet(
        name="Three",
        folder="benchmark/Three/HR",
        images=3,
        page="",
        licence="",
        note="",
        base=server.address,
        archives=(Archive(**{**options, **changes}),),
        known=known,
    )


def _fetch(benchmark: BenchmarkSet, root: Path) -> list[str]:
    """Fetch a set and return what was said."""
    said: list[str] = []
    fetch_set(benchmark, root, said.append, **PATIENCE)
    return said


def _whole(benchmark: BenchmarkSet, root: Path) -> bool:
    folder = root / benchmark.folder
    return {path.stem: path.read_bytes() for path in folder.iterdir()} == IMAGES


def _nothing_in_place(root: Path) -> bool:
    return not list(root.glob("benchmark/Three/*"))


def test_only_the_wanted_images_arrive(server: Server, tmp_path: Path) -> None:
    root = tmp_path / "data"
    benchmark = _set(server, tmp_path)
    _fetch(benchmark, root)
    assert _whole(benchmark, root)
    verify_set(benchmark, root)
    # the archive serves no other set; the record of it stays
    assert [path.name for path in (root / ".downloads").iterdir()] == ["lock"]
    record = yaml.safe_load((root / "downloads.yaml").read_text())
    entry = {"sha256": _sha(server.files["/set.zip"]), "checked_by": "published sha256",
             "bytes": len(server.files["/set.zip"])}  # fmt: skip
    assert record == {server.address + "/set.zip": entry}


def test_a_complete_set_asks_for_nothing(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path)
    _fetch(benchmark, tmp_path)
    asked = len(server.asked)
    assert _fetch(benchmark, tmp_path)[0].startswith("Three: complete, 3 images")
    assert len(server.asked) == asked


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_download_continues(server: Server, tmp_path: Path, ranges: bool) -> None:
    size = len(server.files["/set.zip"])
    server.ranges, server.cut_after = ranges, [size // 3, size // 3, size]
    benchmark = _set(server, tmp_path)
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)
    assert server.asked[0] is None
    first, second = (int(asked[6:-1]) for asked in server.asked[1:] if asked)
    assert 0 < first <= size // 3
    # without ranges the second answer broke off where the first did
    assert first < second <= 2 * size // 3 if ranges else second == first


def test_a_killed_program_continues_next_time(server: Server, tmp_path: Path) -> None:
    server.cut_after = [CHUNK + 100, 0, 0, 0, 0]
    benchmark = _set(server, tmp_path)
    with pytest.raises(UserError, match="no success in 5 attempts: ") as caught:
        _fetch(benchmark, tmp_path)
    kept = int(str(caught.value).partition(" bytes are kept")[0].rpartition(" ")[2])
    assert CHUNK <= kept <= CHUNK + 100
    assert _nothing_in_place(tmp_path)
    server.asked.clear()
    server.cut_after.clear()
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)
    assert server.asked == [f"bytes={kept}-"]


def test_a_whole_part_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path)
    address = server.address + "/set.zip"
    part = tmp_path / ".downloads" / f"{_sha(address.encode())[:8]}-set.zip.part"
    part.parent.mkdir()
    part.write_bytes(server.files["/set.zip"])
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


def test_a_longer_part_of_another_file_is_thrown_away(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path)
    address = server.address + "/set.zip"
    part = tmp_path / ".downloads" / f"{_sha(address.encode())[:8]}-set.zip.part"
    part.parent.mkdir()
    part.write_bytes(server.files["/set.zip"] + b"more")
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


def test_a_compressed_archive_stays_compressed(server: Server, tmp_path: Path) -> None:
    """A server that calls the .tgz file's own compression a transfer encoding."""
    server.files["/set.tgz"] = _tar({f"HR/{n}.png": d for n, d in IMAGES.items()})
    server.encoding = "gzip"
    benchmark = _set(server, tmp_path, "/set.tgz")
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    server.codes = [503, 429]
    benchmark = _set(server, tmp_path)
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


def test_a_refusal_is_final(server: Server, tmp_path: Path) -> None:
    server.codes = [403]
    benchmark = _set(server, tmp_path)
    with pytest.raises(UserError, match=r"set\.zip: HTTP 403"):
        _fetch(benchmark, tmp_path)
    assert len(server.asked) == 1
    server.page = True
    with pytest.raises(UserError, match="the server sent a web page"):
        _fetch(benchmark, tmp_path)
    assert _nothing_in_place(tmp_path)


def test_a_dead_server_is_one_line(server: Server, tmp_path: Path) -> None:
    benchmark = replace(_set(server, tmp_path), base="http://127.0.0.1:1")
    with pytest.raises(UserError, match="no success in 5 attempts") as caught:
        _fetch(benchmark, tmp_path)
    assert "\n" not in str(caught.value)
    assert _nothing_in_place(tmp_path)


def test_a_wrong_digest_names_both_and_keeps_the_file(server: Server, tmp_path: Path) -> None:
    content = server.files["/set.zip"]
    benchmark = _set(server, tmp_path, sha256="0" * 64)
    message = f"its sha256 is {_sha(content)}, not {'0' * 64} as published"
    with pytest.raises(UserError, match=message) as caught:
        _fetch(benchmark, tmp_path)
    kept = Path(str(caught.value).rpartition("kept as ")[2])
    assert kept.read_bytes() == content
    assert _nothing_in_place(tmp_path)


def test_a_published_md5_is_checked_too(server: Server, tmp_path: Path) -> None:
    content = server.files["/set.zip"]
    md5 = hashlib.md5(content).hexdigest()
    _fetch(_set(server, tmp_path, sha256=None, md5=md5), tmp_path / "right")
    with pytest.raises(UserError, match=f"its md5 is {md5}, not {'1' * 32} as published"):
        _fetch(_set(server, tmp_path, sha256=None, md5="1" * 32), tmp_path / "wrong")


def test_an_unpublished_digest_is_recorded_said_and_kept_to(
    server: Server, tmp_path: Path
) -> None:
    content = server.files["/set.zip"]
    benchmark = _set(server, tmp_path, sha256=None)
    said = _fetch(benchmark, tmp_path)
    assert _sha(content) in said[0]
    assert "none is published" in said[0]
    for path in (tmp_path / benchmark.folder).iterdir():
        path.unlink()
    server.files["/set.zip"] = content + b"changed"
    with pytest.raises(UserError, match=rf"not {_sha(content)} as recorded in .*downloads"):
        _fetch(benchmark, tmp_path)
    assert list((tmp_path / benchmark.folder).iterdir()) == []


def test_a_truncated_archive_is_refused(server: Server, tmp_path: Path) -> None:
    server.files["/set.tgz"] = _tar({f"HR/{n}.png": d for n, d in IMAGES.items()})[:-400]
    benchmark = _set(server, tmp_path, "/set.tgz")
    with pytest.raises(UserError, match=r"set\.tgz: not a whole archive"):
        _fetch(benchmark, tmp_path)
    assert _nothing_in_place(tmp_path)


@pytest.mark.parametrize("evil", ["../evil.png", "/tmp/evil.png", "HR/../../evil.png"])
@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_paths_that_leave_the_folder_are_refused(
    server: Server, tmp_path: Path, kind: str, evil: str
) -> None:
    members = {f"HR/{n}.png": d for n, d in IMAGES.items()} | {evil: b"evil"}
    server.files[f"/evil.{kind}"] = (_zip if kind == "zip" else _tar)(members)
    root = tmp_path / "below" / "data"
    with pytest.raises(UserError, match="would leave the folder"):
        _fetch(_set(server, tmp_path, f"/evil.{kind}"), root)
    assert _nothing_in_place(root)
    assert not list(tmp_path.rglob("evil.png"))


def test_links_are_refused(server: Server, tmp_path: Path) -> None:
    members = {f"HR/{n}.png": IMAGES[n] for n in ("img_1", "img_2")}
    server.files["/link.tgz"] = _tar(members, link="HR/img_3.png")
    with pytest.raises(UserError, match=r"'HR/img_3\.png' is not a plain file"):
        _fetch(_set(server, tmp_path, "/link.tgz"), tmp_path)
    assert _nothing_in_place(tmp_path)


def test_other_pixels_under_the_right_name_are_refused(server: Server, tmp_path: Path) -> None:
    changed = {**IMAGES, "img_2": png(252, 160, seed=9)}
    server.files["/other.zip"] = _zip({f"HR/{n}.png": d for n, d in changed.items()})
    benchmark = _set(server, tmp_path, "/other.zip")
    with pytest.raises(UserError, match="not the pixels of Three's title of img_2") as caught:
        _fetch(benchmark, tmp_path)
    assert str(caught.value).startswith(str(tmp_path / benchmark.folder / "img_2.png"))
    assert _nothing_in_place(tmp_path)


def test_a_crop_has_the_pixels_of_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "img.png"
    path.write_bytes(png(41, 50, seed=1))
    whole = read_image(path)
    assert part_digest(whole[:48, :40], 30, 39) == part_digest(whole, 30, 39)
    assert part_digest(whole[1:], 30, 39) != part_digest(whole, 30, 39)


def test_single_images_need_no_archive(server: Server, tmp_path: Path) -> None:
    for name, content in IMAGES.items():
        server.files[f"/{name}_HR.png"] = content
    archives = tuple(
        Archive(url=f"/{n}_HR.png", save_as=f"{n}.png", megabytes=0.01, sha256=_sha(d))
        for n, d in IMAGES.items()
    )
    benchmark = replace(_set(server, tmp_path), archives=archives)
    _fetch(benchmark, tmp_path)
    assert _whole(benchmark, tmp_path)


def test_nothing_of_the_users_is_overwritten(server: Server, tmp_path: Path) -> None:
    benchmark = _set(server, tmp_path)
    folder = tmp_path / benchmark.folder
    folder.mkdir(parents=True)
    (folder / "img_1.png").write_bytes(IMAGES["img_1"])
    with pytest.raises(UserError, match="holds 1 of 3 images; missing img_2, img_3"):
        _fetch(benchmark, tmp_path)
    assert [path.name for path in folder.iterdir()] == ["img_1.png"]
    assert server.asked == []


def test_a_full_disk_stops_before_the_download(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Three needs 2000000\.0 GB while it is unpacked"):
        _fetch(_set(server, tmp_path, megabytes=1e9), tmp_path)
    assert server.asked == []
