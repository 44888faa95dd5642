"""The registry of the field's image sets, and what is checked of their folders."""

from pathlib import Path

import pytest

from dasr.config import ImageSetConfig, image_files
from dasr.config.benchmarks import benchmark_at, benchmark_sets, is_crop, shared_part
from dasr.config.folders import HEADERS, benchmark_files, is_complete
from dasr.errors import UserError
from tests.sets import fill, png

SETS = benchmark_sets()


def _config(name: str) -> ImageSetConfig:
    return ImageSetConfig(name=name, source="folder", folder=SETS[name].folder)


def test_numbers_of_images_are_the_published_ones() -> None:
    assert {name: item.images for name, item in SETS.items()} == {
        "Set5": 5,
        "Set14": 14,
        "B100": 100,
        "Urban100": 100,
        "Manga109": 109,
        "DF2K": 800 + 2650,
        "BSDS400": 500 - 100,
    }


def test_names_are_counted_out_and_never_shared() -> None:
    assert SETS["DF2K"].names[0] == "0001"
    assert SETS["DF2K"].names[799:801] == ("0800", "000001")
    assert SETS["DF2K"].names[-1] == "002650"
    for item in SETS.values():
        assert len(set(item.stems)) == len(item.stems)
    assert not set(SETS["B100"].names) & set(SETS["BSDS400"].names)


def test_archives_of_one_address_agree() -> None:
    seen: dict[str, object] = {}
    for item in SETS.values():
        for archive in item.archives:
            address = item.address(archive)
            assert address.startswith("https://")
            assert seen.setdefault(address, archive) == archive
    assert len(seen) == 5 + 14 + 1 + 1 + 2


def test_sets_are_found_by_their_folder() -> None:
    found = benchmark_at("benchmark/Set14/HR/")
    assert found is SETS["Set14"]
    assert benchmark_at("mine/HR") is None


@pytest.mark.parametrize(
    ("found", "crop"),
    [
        ((250, 361), True),
        ((250, 360), True),  # to multiples of 2
        ((249, 360), True),  # of 3
        ((248, 360), True),  # of 4 and of 8
        ((240, 360), True),  # of 12
        ((248, 361), False),  # two sides to different multiples
        ((125, 180), False),  # the x2 LR image
        ((251, 361), False),
        ((238, 350), False),  # of 14
        ((361, 250), False),
    ],
)
def test_crops_are_told_from_other_images(found: tuple[int, int], crop: bool) -> None:
    assert is_crop(found, (250, 361)) is crop


def test_every_crop_holds_the_shared_part() -> None:
    for side in range(40, 80):
        least = min(side - side % unit for unit in range(1, 13))
        assert shared_part((side, side)) <= (least, least)


def test_a_whole_set_passes(tmp_path: Path) -> None:
    for name in ("Set5", "Set14", "B100", "Manga109", "DF2K"):
        folder = fill(SETS[name], tmp_path)
        assert len(image_files(_config(name), tmp_path)) == SETS[name].images
        assert is_complete(SETS[name], folder)
    assert SETS["DF2K"].images > HEADERS  # whose 8x8 files therefore passed


def test_absent_sets_say_how_to_get_them(tmp_path: Path) -> None:
    for name, words in {
        "Set14": "no such image folder; get it with: make data SETS=Set14",
        "Manga109": "no such image folder; ask for it at http://www.manga109.org/en/download",
    }.items():
        with pytest.raises(UserError, match=words) as caught:
            image_files(_config(name), tmp_path)
        assert str(caught.value).startswith(str(tmp_path / SETS[name].folder))
    (tmp_path / SETS["Set14"].folder).mkdir(parents=True)
    assert not is_complete(SETS["Set14"], tmp_path / SETS["Set14"].folder)
    with pytest.raises(UserError, match="holds 0 of 14 images; get it with"):
        image_files(_config("Set14"), tmp_path)


def test_half_a_set_names_what_is_missing(tmp_path: Path) -> None:
    folder = fill(SETS["Set14"], tmp_path)
    for number in (3, 7, 10, 12, 14):
        (folder / f"img_{number:03d}.png").unlink()
    message = "holds 9 of 14 images; missing img_003, img_007, img_010 and 2 more; get it"
    with pytest.raises(UserError, match=message):
        image_files(_config("Set14"), tmp_path)
    with pytest.raises(UserError, match="nothing of yours is overwritten"):
        is_complete(SETS["Set14"], folder)


def test_customary_titles_are_names_too(tmp_path: Path) -> None:
    folder = fill(SETS["Set5"], tmp_path)
    for image in SETS["Set5"].known:
        (folder / f"{image.name}.png").rename(folder / f"{image.title}.png")
    assert len(image_files(_config("Set5"), tmp_path)) == 5
    (folder / "head.png").unlink()
    with pytest.raises(UserError, match="holds 4 of 5 images; missing head;"):
        image_files(_config("Set5"), tmp_path)


def test_a_stranger_is_named(tmp_path: Path) -> None:
    folder = fill(SETS["Set5"], tmp_path)
    (folder / "cat.png").write_bytes(png(280, 280))
    with pytest.raises(UserError, match="holds 6 images, Set5 has 5; not of it: cat"):
        image_files(_config("Set5"), tmp_path)


def test_wrong_sizes_name_file_found_and_expected(tmp_path: Path) -> None:
    folder = fill(SETS["Set14"], tmp_path)
    (folder / "img_005.png").write_bytes(png(62, 90))  # its x4 LR image
    message = "img_005.png: is 62x90; comic of Set14 is 250x361, or a crop of that"
    with pytest.raises(UserError, match=message):
        image_files(_config("Set14"), tmp_path)
    (folder / "img_005.png").write_bytes(png(248, 360))
    assert len(image_files(_config("Set14"), tmp_path)) == 14


def test_images_of_other_names_must_fit_some_image(tmp_path: Path) -> None:
    folder = fill(SETS["Set5"], tmp_path)
    (folder / "img_001.png").rename(folder / "first.png")
    assert len(image_files(_config("Set5"), tmp_path)) == 5
    (folder / "first.png").write_bytes(png(128, 128))
    with pytest.raises(UserError, match=r"first\.png: is 128x128; an image of Set5 is 512"):
        image_files(_config("Set5"), tmp_path)


def test_df2k_is_measured_when_headers_are_read(tmp_path: Path) -> None:
    folder = fill(SETS["DF2K"], tmp_path)
    benchmark_files(SETS["DF2K"], folder)
    message = r"000001\.png: is 8x8; HR images of DF2K have a longer side above 1020"
    with pytest.raises(UserError, match=message):
        benchmark_files(SETS["DF2K"], folder, headers=10_000)
    assert SETS["DF2K"].size_error("0001", (2040, 1404)) == ""
    assert SETS["DF2K"].size_error("0001", (1404, 2040)) == ""
    assert SETS["DF2K"].size_error("0001", (1020, 702)) != ""


def test_a_broken_header_is_named(tmp_path: Path) -> None:
    folder = fill(SETS["Set5"], tmp_path)
    (folder / "img_002.png").write_bytes(b"no image")
    with pytest.raises(UserError, match=r"img_002\.png: not a readable image"):
        image_files(_config("Set5"), tmp_path)
