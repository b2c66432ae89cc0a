import json

from photogate.screening.measurements import BoundingBox, Face, Measurements, QualityMeasure

LANDMARKS = ((1.5, 2.0), (3.0, 2.0), (2.0, 3.0), (1.5, 4.0), (3.0, 4.0))


def test_measurements_are_read_back_as_they_were_kept():
    found = Measurements(
        width=600,
        faces=(Face(BoundingBox(1, 2, 3, 4), 0.9, LANDMARKS), Face(BoundingBox(5, 6, 7, 8), 0.8)),
        quality={"sharpness": QualityMeasure(0.42, 61.0, approximate=True), "eyes_open": QualityMeasure()},
    )
    assert Measurements.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_an_old_assessment_that_kept_scores_alone_can_still_be_read():
    kept = Measurements().to_json() | {"quality": {"luminance_mean": 87.0}}
    assert Measurements.from_json(kept).quality == {"luminance_mean": QualityMeasure(score=87.0)}
