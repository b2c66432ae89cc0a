"""What asks by bands goes by their index, however common the planner takes them to be."""

from sqlalchemy import text

from photogate.database import new_id
from photogate.pictures import bank, clusters
from photogate.pictures.service import look_up
from tests.factories import user
from tests.integration.photogate.pictured import like, picture, sent


def reads_of_all_pictures(session):
    question = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'picture_fingerprints'"
    return session.scalar(text(question))


def test_a_look_up_does_not_read_all_pictures(database):
    sent(database, "A-1", picture(1))
    with database.transaction() as session:
        before = reads_of_all_pictures(session)
        assert look_up(session, new_id(), like(1, 1)).seen.elsewhere
        assert reads_of_all_pictures(session) == before


def test_how_often_the_bank_was_seen_is_told_without_reading_all_pictures(database):
    first, _ = sent(database, "A-1", picture(1))
    with database.transaction() as session:
        known = bank.add_from_case(session, first.photo_id, b"PNG", user(database), "A silhouette.")
    with database.transaction() as session:
        before = reads_of_all_pictures(session)
        assert known.id in clusters.sightings(session)
        assert reads_of_all_pictures(session) == before
