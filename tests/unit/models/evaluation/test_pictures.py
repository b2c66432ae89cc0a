import shutil

import pytest

from models.evaluation.pictures import EvaluationError, chosen_examples, read_pictures, require_both_classes
from models.training.splits import Split
from tests.unit.models.evaluation.made import drawn_folder, silent


@pytest.fixture
def data(tmp_path):
    return drawn_folder(tmp_path / "data", per_source=1)


def test_pictures_are_prepared_in_the_manifests_order_and_keep_no_review_copy(data):
    pictures = read_pictures(data, chosen_examples(data, Split.TEST), silent)
    assert pictures.is_real.tolist() == [True, True, False, False]
    assert pictures.crops.shape == (4, 224, 224, 3)
    assert {photo.review_copy for photo in pictures.prepared} == {b""}
    assert pictures.skipped == ()


def test_a_file_that_cannot_be_read_is_skipped_and_listed_with_the_reason(data):
    broken, missing = sorted((data / "real").iterdir())
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    missing.unlink()
    pictures = read_pictures(data, chosen_examples(data, Split.TEST), silent)
    assert len(pictures) == 2
    assert [skipped.file for skipped in pictures.skipped] == [f"real/{broken.name}", f"real/{missing.name}"]
    assert "cannot be opened" in pictures.skipped[1].why
    assert all(skipped.why.endswith(".") for skipped in pictures.skipped)


@pytest.mark.parametrize(
    ("gone", "sentence"), [("real", "No picture in .* is a real face"), ("placeholder", "are all real faces")]
)
def test_one_class_only_cannot_be_evaluated(data, gone, sentence):
    shutil.rmtree(data / gone)
    pictures = read_pictures(data, chosen_examples(data, Split.TEST), silent)
    with pytest.raises(EvaluationError, match=sentence):
        require_both_classes(pictures, data)


def test_a_folder_without_pictures_is_said_to_be_one(tmp_path):
    with pytest.raises(EvaluationError, match=r"There is no folder .*/nowhere\."):
        chosen_examples(tmp_path / "nowhere", Split.TEST)
    with pytest.raises(EvaluationError, match=r"no pictures with a manifest\.csv"):
        chosen_examples(tmp_path, Split.TEST)
    (tmp_path / "manifest.csv").write_text("file,label,source_repo,sha256,yunet_box_xywh\n")
    with pytest.raises(EvaluationError, match="names no picture of the test split"):
        chosen_examples(tmp_path, Split.TEST)
    (tmp_path / "manifest.csv").write_text("name\nx.jpg\n")
    with pytest.raises(EvaluationError, match="cannot be understood"):
        chosen_examples(tmp_path, Split.TEST)


def test_when_nothing_can_be_read_the_sentence_says_so(data):
    for file in data.glob("*/*.png"):
        file.write_bytes(b"")
    pictures = read_pictures(data, chosen_examples(data, Split.TEST), silent)
    with pytest.raises(EvaluationError, match="None of the 4 pictures"):
        require_both_classes(pictures, data)
