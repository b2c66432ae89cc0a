from collections import Counter
from pathlib import Path

from models.training.splits import Example, Split, assignment, examples

HEADER = "file,label,source_repo,sha256,yunet_box_xywh\n"


def example(label: str, source: str) -> Example:
    return Example(f"{label}/{source}.jpg", label, source, "0" * 64, None)


def test_a_source_is_never_in_two_splits_for_one_label():
    pictures = [example("real", source) for source in ("muxspace/facial_expressions", "18F/18f.gsa.gov", "a/new-one")]
    assert assignment(pictures * 3) == {
        ("real", "muxspace/facial_expressions"): Split.TEST,
        ("real", "18F/18f.gsa.gov"): Split.CALIBRATION,
        ("real", "a/new-one"): Split.TRAIN,
    }


def test_a_source_that_nobody_named_trains_unless_it_is_small_and_early_in_the_alphabet():
    few, many = [example("placeholder", "Apps/avatars")] * 3, [example("placeholder", "artists/logos")] * 30
    late = [example("placeholder", "zoo/icons")] * 3
    split = assignment(few + many + late)
    assert split["placeholder", "Apps/avatars"] is Split.TEST
    assert split["placeholder", "artists/logos"] is Split.TRAIN
    assert split["placeholder", "zoo/icons"] is Split.TRAIN


def test_generated_faces_are_left_to_another_model(tmp_path: Path):
    rows = ["ai/1.jpg,ai_generated,x/y,aa,", 'r/1.jpg,real,x/y,bb,"[1.0, 2.0, 30.5, 40]"']
    (tmp_path / "manifest.csv").write_text(HEADER + "\n".join(rows) + "\n")
    (only,) = examples(tmp_path, Split.TRAIN)
    assert only.file == "r/1.jpg"
    assert only.face_box == (1.0, 2.0, 30.5, 40)


def test_the_three_splits_together_are_everything(tmp_path: Path):
    sources = [("real", "muxspace/facial_expressions"), ("real", "18F/18f.gsa.gov"), ("placeholder", "zoo/icons")]
    rows = [f"{label}/{number}.jpg,{label},{source},{number:064d}," for number, (label, source) in enumerate(sources)]
    (tmp_path / "manifest.csv").write_text(HEADER + "\n".join(rows) + "\n")
    files = Counter(example.file for split in Split for example in examples(tmp_path, split))
    assert sorted(files.values()) == [1, 1, 1]


def test_what_the_manifest_says_of_a_person_stays_with_the_picture(tmp_path: Path):
    header = "file,label,source_repo,sha256,yunet_box_xywh,attributes\n"
    rows = ["r/1.jpg,real,x/y,aa,,age=26;gender=1;race=3", "r/2.jpg,real,x/y,bb,,"]
    (tmp_path / "manifest.csv").write_text(header + "\n".join(rows) + "\n")
    labelled, unlabelled = examples(tmp_path, Split.TRAIN)
    assert labelled.attributes == {"age": "26", "gender": "1", "race": "3"}
    assert unlabelled.attributes == {}
