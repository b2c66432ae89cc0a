"""Asking for a print release, and telling what became of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from photogate.access.tables import Scope
from photogate.releases.keys import new_key
from printing.verifier import KeySet, read_revoked, verify
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, jpeg, photo_file, user
from tests.figures import write
from tests.integration.api.exchange import refusal
from tests.integration.photogate.mandated import EVERYBODY, begin, judged_by, judged_by_machine, turn_bad

SHA256 = photo_file().sha256


def ask(api: httpx.Client, record, sha256: str = SHA256, **further: object) -> httpx.Response:
    wanted = {"application_id": str(record.application_id), "photo_sha256": sha256, **further}
    return api.post("/v1/print-releases", json=wanted)


def published_keys(api: httpx.Client) -> KeySet:
    return KeySet.parse(api.get("/v1/print-keys").content)


def revoked(api: httpx.Client) -> frozenset[str]:
    listed = api.get("/v1/print-releases/revoked").text
    return read_revoked(listed, published_keys(api), now=datetime.now(UTC)).release_ids


def test_an_approved_photo_is_released_once_and_the_token_holds_offline(api, database):
    approved = decided(database, PORTRAIT)
    first, again = ask(api, approved), ask(api, approved, SHA256.upper())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() == api.get(first.json()["links"]["self"]).json()
    view = first.json()
    assert (view["state"], view["photo_sha256"]) == ("released", SHA256)
    allowed = verify(view["token"], jpeg(), published_keys(api), now=datetime.now(UTC))
    assert (allowed.release_id, allowed.decision_id) == (view["id"], str(approved.id))


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


def test_fifty_at_once_give_one_release(api, database):
    approved = decided(database, PORTRAIT)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: ask(api, approved), range(50)))
    write("fifty_releases", {"releases": len({answer.json().get("id") for answer in answers})})
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["token"] for answer in answers}) == 1


def test_what_is_held_is_let_go_by_name(api, database):
    held = ask(api, decided(database, PORTRAIT), hold=True).json()
    assert (held["state"], held["token"]) == ("held", None)
    assert set(held["links"]) == {"self", "application", "released", "cancelled"}
    released = api.post(held["links"]["released"]).json()
    assert (released["id"], released["state"]) == (held["id"], "released")
    assert set(released["links"]) == {"self", "application", "issued", "cancelled", "failed"}
    assert verify(released["token"], jpeg(), published_keys(api), now=datetime.now(UTC))


def test_a_revoked_release_is_on_the_list_and_ends_nothing_else(api, database, connect):
    view = ask(api, decided(database, PORTRAIT)).json()
    assert revoked(api) == set()
    cancelled = api.post(view["links"]["cancelled"]).json()
    assert (cancelled["state"], cancelled["ended_because"]) == ("cancelled", "requested")
    assert set(cancelled["links"]) == {"self", "application"}
    elsewhere = connect(Scope.PRINT_RELEASE, client="harbour office")
    assert revoked(api) == revoked(elsewhere) == {view["id"]}, "a list that left some out would pass for a whole one"


def test_the_keys_are_for_anybody_and_a_key_is_published_before_it_signs(api, address, database, settings):
    answer = httpx.get(f"{address}/v1/print-keys")
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    [signing] = answer.json()["keys"]
    assert (signing["kty"], signing["crv"], set(signing)) == (
        "OKP",
        "Ed25519",
        {"kty", "crv", "x", "kid", "use", "alg"},
    )
    settings.published_keys_folder.mkdir()
    new_key(settings.published_keys_folder / "next.pem")
    saved = published_keys(api)
    first = ask(api, decided(database, PORTRAIT)).json()
    settings.signing_key_file.with_suffix(".pub.pem").rename(settings.published_keys_folder / "first.pub.pem")
    (settings.published_keys_folder / "next.pem").rename(settings.signing_key_file)
    second = ask(api, decided(database, PORTRAIT, reference="A-2")).json()
    for token in (first["token"], second["token"]):
        for keys in (saved, published_keys(api)):
            assert verify(token, jpeg(), keys, now=datetime.now(UTC))


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
    assert refusal(stranger.get(links["self"])) == (404, "NOT_FOUND")


def test_without_a_signing_key_nothing_is_released(api, database, settings):
    approved = decided(database, PORTRAIT)
    settings.signing_key_file.unlink()
    for answer in (ask(api, approved), api.get("/v1/print-keys"), api.get("/v1/print-releases/revoked")):
        assert refusal(answer) == (503, "SIGNING_KEY_MISSING")
        assert answer.headers["retry-after"] == "5"


def test_an_approval_that_is_held_back_goes_to_a_person_who_confirms_it(api, database):
    begin(database)
    unsampled = replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0))
    alone, ada = judged_by_machine(database, PORTRAIT, unsampled), user(database)
    turn_bad(database, ada)
    for _ in range(2):
        refused = ask(api, alone)
        assert (refused.status_code, refused.json()["code"]) == (409, "APPROVAL_SUSPENDED")
    confirmed = judged_by(database, ada, alone)
    assert confirmed.supersedes_id == alone.id
    assert ask(api, alone).status_code == 201
