"""The evidence of a promotion in words."""

from photogate.fairness.evidence import Data, Evidence, Source, kept
from photogate.fairness.rates import group_errors
from photogate.screening.fairness import Fairness
from photogate.screening.risk import Truth
from photogate.screening.verdicts import Verdict
from review_ui.fairness_view import evidence_rows

LIMITS = Fairness(0.01, 0.05, 5, {"age_band": ["18 to 29", "60 and over"]})
JUDGED = {
    ("age_band", "18 to 29", Truth.REAL, Verdict.APPROVED, Verdict.APPROVED): 1_200,
    ("age_band", "18 to 29", Truth.REAL, Verdict.APPROVED, Verdict.REJECTED): 3,
}


def test_the_evidence_of_a_promotion_names_its_photos_and_each_group():
    found = Evidence(Source.APPLICANTS, 1_203, group_errors(JUDGED, 5), left_out=17)
    [row] = evidence_rows(kept([found], LIMITS))
    assert row.title == "Fairness: 1,203 photos of applicants that people judged, 17 others not scored by both models"
    assert row.groups == ("age band: 18 to 29, real faces refused: 0 of 1,203 → 3 of 1,203",)


def test_where_nobody_asked_there_is_none_and_where_too_little_is_known_it_says_so():
    assert evidence_rows(None) == ()
    [row] = evidence_rows(kept([Evidence(Source.APPLICANTS, 2, ())], LIMITS))
    assert row.groups == ("No group had enough photos to tell.",)


def test_labelled_photos_are_named_with_their_hash():
    data = Data("faces.csv", "0123456789abcdef" * 4, ("aa" * 32, "bb" * 32))
    [row] = evidence_rows(kept([Evidence(Source.LABELLED, 800, (), data=data)], LIMITS))
    assert row.title == "Fairness: 800 labelled photos (faces.csv, SHA-256 0123456789ab…)"
