"""Asking for a print release, and telling what became of it."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from photogate.access.tables import Scope
from photogate.releases.token import verify
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, jpeg, photo_file
from tests.integration.api.exchange import refusal

SHA256 = photo_file().sha256


def ask(api: httpx.Client, record, sha256: str = SHA256) -> httpx.Response:
    return api.post("/v1/print-releases", json={"application_id": str(record.application_id), "photo_sha256": sha256})


def test_an_approved_photo_is_released_once_and_the_token_holds_offline(api, database, settings):
    approved = decided(database, PORTRAIT)
    first, again = ask(api, approved), ask(api, approved, SHA256.upper())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    view = first.json()
    assert (view["state"], view["photo_sha256"]) == ("released", SHA256)
    public_key = settings.signing_key_file.with_suffix(".pub.pem").read_bytes()
    claims = verify(view["token"], jpeg(), public_key)
    assert (str(claims.release_id), claims.decision_id) == (view["id"], approved.id)


@pytest.mark.parametrize("found", [PLACEHOLDER, TWO_PEOPLE], ids=["asked again", "in review"])
def test_what_is_not_approved_is_not_released(api, database, found):
    answer = ask(api, decided(database, found))
    assert refusal(answer) == (409, "NOT_APPROVED")
    assert "only an approved photo can be printed" in answer.json()["detail"]


def test_other_bytes_are_not_released(api, database):
    assert refusal(ask(api, decided(database, PORTRAIT), "0" * 64)) == (409, "NOT_APPROVED")


def test_an_undecided_photo_is_not_released(api):
    view = api.post("/v1/applications", files={"photo": ("a.jpg", jpeg())}, data={"reference": "A-1"}).json()
    body = {"application_id": view["id"], "photo_sha256": view["photo_sha256"]}
    assert refusal(api.post("/v1/print-releases", json=body)) == (409, "NOT_APPROVED")


def test_ten_at_once_give_one_release(api, database):
    approved = decided(database, PORTRAIT)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ask(api, approved), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["token"] for answer in answers}) == 1


def test_an_issued_card_ends_the_matter(api, database):
    approved = decided(database, PORTRAIT)
    links = ask(api, approved).json()["links"]
    issued = api.post(links["issued"])
    assert (issued.status_code, issued.json()["state"]) == (200, "issued")
    assert api.post(links["issued"]).json() == issued.json(), "the same word again changes nothing"
    assert refusal(api.post(links["failed"])) == (409, "CONFLICT")
    assert refusal(ask(api, approved)) == (409, "ALREADY_ISSUED")


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_after_a_print_that_came_to_nothing_another_release_can_be_had(api, database, end):
    approved = decided(database, PORTRAIT)
    first = ask(api, approved).json()
    assert api.post(first["links"][end]).json()["state"] == end
    second = ask(api, approved)
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]


def test_another_clients_release_is_not_there(api, database, connect):
    approved = decided(database, PORTRAIT)
    links = ask(api, approved).json()["links"]
    stranger = connect(Scope.PRINT_RELEASE, client="harbour office")
    assert refusal(ask(stranger, approved)) == (404, "NOT_FOUND")
    assert refusal(stranger.post(links["issued"])) == (404, "NOT_FOUND")


def test_without_a_signing_key_nothing_is_released(api, database, settings):
    approved = decided(database, PORTRAIT)
    settings.signing_key_file.unlink()
    answer = ask(api, approved)
    assert refusal(answer) == (503, "SIGNING_KEY_MISSING")
    assert answer.headers["retry-after"] == "5"
