"""A new master key: everything opens as before, and backups from before open no more."""

import os
import time
from dataclasses import replace

import pytest

from photogate.applicants.master_keys import KeyFolder, KeyMissing, new_master_key
from photogate.applicants.service import reference_of
from photogate.applicants.tables import Applicant
from photogate.applications import service
from photogate.database import new_id
from photogate.errors import Conflict
from photogate.outbox import endpoints
from photogate.outbox import service as outbox
from photogate.privacy import erasure, rotation
from tests import factories

ACTOR = "user:test"


@pytest.fixture
def folder(tmp_path):
    new_master_key(tmp_path / "keys")
    return tmp_path / "keys"


def read(database, kms, applicant_id):
    with database.transaction() as session:
        return reference_of(kms, session.get_one(Applicant, applicant_id))


def enrolled(database, kms, number):
    def applied(reference):
        with database.transaction() as session:
            intake = replace(factories.intake(), kms=kms)
            return service.submit(session, intake, reference, application_id=new_id()).application.applicant_id

    return [applied(f"A-{one}") for one in range(number)]


def aged(folder):
    a_while_ago = time.time() - 2 * rotation.SETTLED_AFTER_S
    for path in folder.glob("*.key"):
        os.utime(path, (a_while_ago, a_while_ago))


def test_every_key_is_wrapped_anew_and_opens_the_same(database, folder, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    kms = KeyFolder(folder)
    ids = enrolled(database, kms, 8)
    newest = new_master_key(folder)
    assert list(rotation.rewrap(database, kms, ACTOR)) == [3, 3, 2]
    with database.transaction() as session:
        assert rotation.outdated(session, newest) == 0
    assert [read(database, kms, applicant_id) for applicant_id in ids] == [f"A-{one}" for one in range(8)]


def test_an_erased_applicant_in_a_backup_is_unreadable_once_the_old_key_is_destroyed(database, folder):
    kms = KeyFolder(folder)
    [applicant_id] = enrolled(database, kms, 1)
    with database.transaction() as session:
        backup = session.get_one(Applicant, applicant_id)
    with database.transaction() as session:
        erasure.erase(session, session.get_one(Applicant, applicant_id), ACTOR)
    assert reference_of(kms, backup) == "A-0", "the master key that wrapped it is still there"
    [staying] = enrolled(database, kms, 1)
    new_master_key(folder)
    list(rotation.rewrap(database, kms, ACTOR))
    aged(folder)
    with database.transaction() as session:
        assert len(rotation.destroy_old(session, kms, ACTOR)) == 1
    with pytest.raises(KeyMissing):
        reference_of(kms, backup)
    assert read(database, kms, staying) == "A-0"


def test_webhooks_are_signed_as_before_and_their_secrets_need_no_old_key(database, folder):
    kms, url = KeyFolder(folder), "https://printer.example.org/"
    with database.transaction() as session:
        added = endpoints.add(session, kms, "ministry", url, allow_private=False, actor=ACTOR)
        outbox.tell(session, "ministry", "print_release.issued", {})
    new_master_key(folder)
    aged(folder)
    with database.transaction() as session, pytest.raises(Conflict, match="secrets of 1 webhooks"):
        rotation.destroy_old(session, kms, ACTOR)
    list(rotation.rewrap(database, kms, ACTOR))
    with database.transaction() as session:
        rotation.destroy_old(session, kms, ACTOR)
        [delivery] = outbox.claim(session, kms, lease=factories.LEASE, limit=1)
    assert delivery.secret == added.secret


def test_no_key_is_destroyed_that_is_or_may_be_needed(database, folder):
    kms = KeyFolder(folder)
    enrolled(database, kms, 2)
    new_master_key(folder)
    with database.transaction() as session, pytest.raises(Conflict, match="seconds old"):
        rotation.destroy_old(session, kms, ACTOR)
    aged(folder)
    with database.transaction() as session, pytest.raises(Conflict, match="keys of 2 applicants"):
        rotation.destroy_old(session, kms, ACTOR)
    assert len(kms.ids()) == 2
