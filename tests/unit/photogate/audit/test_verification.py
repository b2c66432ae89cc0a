"""An export proves itself, and whatever was done to it is found and named."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photogate.audit.exported import Export, ExportBroken, notes_in
from photogate.audit.exports import CHECKPOINTS_FILE, EVENTS_FILE, HASHES_FILE, KEY_FILE
from photogate.audit.faults import Fault, FaultKind
from photogate.audit.notes import KeyRefused, Kind, NoteRefused, PrivateKey
from photogate.audit.tree import leaf_hash
from photogate.audit.verification import verify
from tests.unit.photogate.audit import made

EVENTS = [made.event(number) for number in range(40)]
SIZES = [7, 20, 40]


@pytest.fixture
def folder(tmp_path):
    made.write(tmp_path / "export", EVENTS, SIZES)
    return tmp_path / "export"


def fault(folder, *against, earlier=None):
    return verified(folder, *against, earlier=earlier).fault


def verified(folder, *against, witnesses=(), earlier=None):
    export = Export(folder, earlier and Export(earlier))
    return verify(export, made.KEY.public, against=against, witnesses=witnesses, told=lambda _: None)


def replaced(place, other):
    return [*EVENTS[:place], other, *EVENTS[place + 1 :]]


def test_a_whole_export_is_proven_up_to_its_last_checkpoint(folder):
    found = verified(folder)
    assert (found.size, found.fault, found.kept_elsewhere) == (40, None, 0)
    assert Export(folder).keys() == [made.KEY.public]


def test_a_checkpoint_kept_elsewhere_is_held_against_it(folder):
    found = verified(folder, made.signed(EVENTS[:13]), made.signed(EVENTS[:5]))
    assert (found.fault, found.kept_elsewhere) == (None, 13)


@pytest.mark.parametrize("place", [0, 6, 7, 39])
def test_a_changed_event_is_named(folder, place):
    made.put(folder, replaced(place, EVENTS[place].replace(b"user:", b"USER:")))
    found = fault(folder)
    assert found == Fault(FaultKind.CHANGED, place, place + 1, f"00000000-0000-0000-0000-{place:012x}")
    assert str(found).startswith(f"Event number {place} (id 00000000")


@pytest.mark.parametrize("place", [0, 7, 38])
def test_a_removed_event_is_named(folder, place):
    made.put(folder, EVENTS[:place] + EVENTS[place + 1 :])
    found = fault(folder)
    assert (found.kind, found.first) == (FaultKind.REMOVED, place)


def test_a_removed_last_event_is_named(folder):
    made.put(folder, EVENTS[:-1])
    assert fault(folder) == Fault(FaultKind.REMOVED, 39, 40)
    assert "nothing that can be read" in str(fault(folder))


@pytest.mark.parametrize("place", [0, 7, 39])
def test_an_inserted_event_is_named(folder, place):
    made.put(folder, [*EVENTS[:place], made.event(99), *EVENTS[place:]])
    found = fault(folder)
    assert (found.kind, found.first) == (FaultKind.INSERTED, place)


def test_an_event_after_the_last_checkpoint_is_named(folder):
    made.put(folder, [*EVENTS, made.event(99)])
    assert fault(folder) == Fault(FaultKind.INSERTED, 40, 41)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 30), (38, 39)])
def test_two_events_in_each_others_place_are_named(folder, one, other):
    swapped = list(EVENTS)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    made.put(folder, swapped)
    found = fault(folder)
    assert (found.kind, found.first) == (FaultKind.REORDERED, one)


def rewritten(folder, events, *, hashes=True):
    """As whoever owns the database would do it: events and hashes alike, but they cannot sign."""
    made.put(folder, events)
    (folder / HASHES_FILE).write_bytes(b"".join(leaf_hash(one) for one in events))
    if not hashes:
        (folder / HASHES_FILE).unlink()


@pytest.mark.parametrize("hashes", [True, False])
@pytest.mark.parametrize(("place", "first", "end"), [(0, 0, 7), (7, 7, 20), (39, 20, 40)])
def test_without_true_hashes_the_checkpoints_tell_between_which_events_it_was(folder, place, first, end, hashes):
    rewritten(folder, replaced(place, made.event(99)), hashes=hashes)
    found = fault(folder)
    assert found == Fault(FaultKind.REWRITTEN, first, end)
    assert f"among the numbers {first} to {end - 1}" in str(found)


CRIMES = {
    FaultKind.CHANGED: replaced(9, made.event(99)),
    FaultKind.REMOVED: EVENTS[:9] + EVENTS[10:],
    FaultKind.INSERTED: [*EVENTS[:9], made.event(99), *EVENTS[9:]],
    FaultKind.REORDERED: [*EVENTS[:9], EVENTS[12], *EVENTS[10:12], EVENTS[9], *EVENTS[13:]],
}


@pytest.mark.parametrize("signed_anew", [True, False])
@pytest.mark.parametrize(("kind", "events"), CRIMES.items())
def test_an_earlier_export_names_the_event_although_hashes_and_checkpoints_were_rewritten(
    folder, tmp_path, kind, events, signed_anew
):
    made.write(tmp_path / "earlier", EVENTS[:30], [7, 20, 30])
    rewritten(folder, events)
    if signed_anew:
        made.write(folder, events, [7, 20, len(events)])
    assert fault(folder, made.signed(EVENTS)).kind in {FaultKind.REWRITTEN, FaultKind.CUT_OFF}
    found = fault(folder, made.signed(EVENTS), earlier=tmp_path / "earlier")
    assert (found.kind, found.first, found.end) == (kind, 9, 10)


def test_an_earlier_export_says_nothing_against_a_log_that_only_grew(folder, tmp_path):
    made.write(tmp_path / "earlier", EVENTS[:20], [7, 20])
    assert fault(folder, earlier=tmp_path / "earlier") is None


def test_what_an_earlier_export_did_not_hold_yet_is_told_by_the_checkpoints(folder, tmp_path):
    made.write(tmp_path / "earlier", EVENTS[:20], [7, 20])
    rewritten(folder, replaced(30, made.event(99)))
    assert fault(folder, earlier=tmp_path / "earlier") == Fault(FaultKind.REWRITTEN, 20, 40)


def test_a_log_that_ends_before_an_earlier_export_did_has_lost_an_event(tmp_path):
    made.write(tmp_path / "earlier", EVENTS, SIZES)
    made.write(tmp_path / "now", EVENTS[:20], [7, 20])
    found = fault(tmp_path / "now", earlier=tmp_path / "earlier")
    assert (found.kind, found.first) == (FaultKind.REMOVED, 20)


def test_an_earlier_export_without_hashes_is_refused(folder, tmp_path):
    made.write(tmp_path / "earlier", EVENTS[:20], [7, 20], hashes=False)
    with pytest.raises(ExportBroken, match=r"holds no hashes\.bin"):
        fault(folder, earlier=tmp_path / "earlier")


def test_an_event_changed_before_its_hashes_were_is_named_first(folder):
    rewritten(folder, replaced(30, made.event(99)))
    made.put(folder, replaced(3, made.event(98)))
    found = fault(folder)
    assert (found.kind, found.first) == (FaultKind.CHANGED, 3)


def test_an_old_state_that_was_put_back_is_found_by_a_checkpoint_kept_elsewhere(tmp_path):
    made.write(tmp_path, EVENTS[:20], [7, 20])
    assert fault(tmp_path) is None
    assert fault(tmp_path, made.signed(EVENTS)) == Fault(FaultKind.CUT_OFF, 20, 40)


def test_a_log_signed_anew_is_found_by_a_checkpoint_kept_elsewhere(tmp_path):
    made.write(tmp_path, replaced(3, made.event(99)), SIZES)
    assert fault(tmp_path) is None
    assert fault(tmp_path, made.signed(EVENTS[:20])) == Fault(FaultKind.REWRITTEN, 0, 20)
    assert fault(tmp_path, made.signed(EVENTS[:20]), made.signed(EVENTS[:2])) == Fault(FaultKind.REWRITTEN, 2, 20)


def test_a_witness_under_the_last_checkpoint_is_named(folder):
    witness = PrivateKey("witness.example", Kind.WITNESS, bytes([1]) * 32)
    checkpoints = folder / CHECKPOINTS_FILE
    [*earlier, last] = notes_in(checkpoints.read_text().splitlines(keepends=True))
    text = last.rpartition("\n\n")[0] + "\n"
    checkpoints.write_text("\n".join([*earlier, last + witness.sign(text, time_s=1)]) + "\n")
    absent = PrivateKey("absent.example", Kind.WITNESS, bytes([2]) * 32)
    assert verified(folder, witnesses=[witness.public, absent.public]).witnesses == ["witness.example"]


def test_a_checkpoint_that_nobody_signed_is_refused(folder):
    forger = PrivateKey("log.example", Kind.LOG, bytes([9]) * 32)
    (folder / CHECKPOINTS_FILE).write_text(made.signed(EVENTS, forger) + "\n")
    with pytest.raises(NoteRefused, match="not signed by"):
        fault(folder)


def test_forged_checkpoints_on_the_way_mislead_nobody(folder):
    forger = PrivateKey("log.example", Kind.LOG, bytes([9]) * 32)
    other = replaced(3, made.event(99))
    rewritten(folder, other)
    (folder / CHECKPOINTS_FILE).write_text(made.signed(other[:20], forger) + "\n" + made.signed(EVENTS) + "\n")
    with pytest.raises(NoteRefused, match="not signed by"):
        fault(folder)


@pytest.mark.parametrize("name", [EVENTS_FILE, CHECKPOINTS_FILE])
def test_an_export_without_one_of_its_parts_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ExportBroken, match=f"there is no {name}"):
        fault(folder)


def test_an_export_without_a_key_says_so(folder):
    (folder / KEY_FILE).unlink()
    with pytest.raises(KeyRefused, match="missing"):
        Export(folder).keys()


@pytest.mark.parametrize(
    ("name", "refusal"), [(EVENTS_FILE, ExportBroken), (HASHES_FILE, ExportBroken), (CHECKPOINTS_FILE, NoteRefused)]
)
def test_a_half_written_export_is_refused(folder, name, refusal):
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) - 20])
    with pytest.raises(refusal):
        fault(folder)


def test_checkpoints_out_of_order_are_refused(folder):
    (folder / CHECKPOINTS_FILE).write_text(made.signed(EVENTS) + "\n" + made.signed(EVENTS[:7]) + "\n")
    with pytest.raises(ExportBroken, match="order of their sizes"):
        fault(folder)


@pytest.mark.parametrize("written", [b"", b"\n\n", b"\xff\xfe", b"no note\n", b"a\n\nb\n\nc\n"])
def test_what_are_no_checkpoints_is_refused(folder, written):
    (folder / CHECKPOINTS_FILE).write_bytes(written)
    with pytest.raises((ExportBroken, NoteRefused)):
        fault(folder)


@settings(max_examples=200, deadline=None)
@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=3), st.booleans())
def test_no_other_sequence_of_events_passes(order, doubled, has_hashes):
    events = EVENTS[:12]
    other = [events[place] for place in [*order, *doubled]]
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        made.write(folder, events, [5, 12], hashes=has_hashes)
        made.put(folder, other)
        assert (fault(folder) is None) is (other == events)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_byte_of_an_event_can_be_changed(data):
    events = EVENTS[:12]
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        made.write(folder, events, [5, 12])
        whole = (folder / EVENTS_FILE).read_bytes()
        place = data.draw(st.integers(0, len(whole) - 2))
        changed = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))])
        (folder / EVENTS_FILE).write_bytes(whole[:place] + changed + whole[place + 1 :])
        found = fault(folder)
        assert found is not None
        assert found.first == whole[:place].count(b"\n")
