"""The tree against the public vectors, and against the plain recursive definition of RFC 9162."""

import json
from base64 import b64decode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root,
)
from tests.guards.tree import ROOT

LEAVES = [leaf_hash(bytes([number])) for number in range(70)]


def vectors(kind):
    lines = (ROOT / f"tests/vectors/rfc9162/{kind}.jsonl").read_text().splitlines()
    return [pytest.param(vector, id=vector["file"]) for vector in map(json.loads, lines)]


def plain_root(leaves):
    """The definition, word for word: section 2.1.1."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    left = max(2**power for power in range(8) if 2**power < len(leaves))
    return sha256(b"\x01" + plain_root(leaves[:left]) + plain_root(leaves[left:])).digest()


def subtree(start, end):
    return plain_root(LEAVES[start:end])


def unpacked(hashes):
    return [b64decode(one) for one in hashes or []]


def test_every_public_vector_is_here():
    assert (len(vectors("inclusion")), len(vectors("consistency"))) == (98, 98)


@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion_as_the_public_vectors_have_it(vector):
    leaf, claimed = b64decode(vector["leafHash"] or ""), b64decode(vector["root"] or "")
    found = is_included(leaf, vector["leafIdx"], vector["treeSize"], unpacked(vector["proof"]), claimed)
    assert found is not vector["wantErr"]


@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency_as_the_public_vectors_have_it(vector):
    old, new = b64decode(vector["root1"] or ""), b64decode(vector["root2"] or "")
    found = is_consistent(vector["size1"], vector["size2"], old, new, unpacked(vector["proof"]))
    assert found is not vector["wantErr"]


@given(st.integers(0, 70))
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(size):
    growing = Frontier()
    for leaf in LEAVES[:size]:
        growing.push(leaf)
    assert growing.root() == root(LEAVES[:size]) == plain_root(LEAVES[:size])
    assert growing.size == size


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root([]) == EMPTY_ROOT


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_shown_to_be_included_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, 69).filter(lambda drawn: drawn != index))
    proof, whole = inclusion_proof(index, size, subtree), subtree(0, size)
    assert is_included(LEAVES[index], index, size, proof, whole)
    assert not is_included(LEAVES[other], index, size, proof, whole)
    assert not is_included(LEAVES[index], other, size, proof, whole)
    assert not is_included(LEAVES[index], index, size, [*proof, whole], whole)


@given(st.integers(1, 70), st.data())
def test_a_tree_is_shown_to_begin_a_larger_one_and_no_other(size, data):
    old_size = data.draw(st.integers(1, size))
    proof, old, new = consistency_proof(old_size, size, subtree), subtree(0, old_size), subtree(0, size)
    assert is_consistent(old_size, size, old, new, proof)
    assert not is_consistent(old_size, size, leaf_hash(b"other"), new, proof)
    assert not is_consistent(old_size, size, old, leaf_hash(b"other"), proof)
    assert not is_consistent(old_size, size, old, new, [*proof, old])


@given(st.integers(2, 70), st.data())
def test_a_proof_with_one_flipped_bit_shows_nothing(size, data):
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 7))
    proof = inclusion_proof(index, size, subtree)
    broken = data.draw(st.integers(0, len(proof) - 1))
    proof[broken] = bytes([proof[broken][0] ^ 1 << bit]) + proof[broken][1:]
    assert not is_included(LEAVES[index], index, size, proof, subtree(0, size))


@given(st.integers(1, 70), st.integers(0, 3))
def test_a_root_over_whole_subtrees_is_the_root_over_their_leaves(size, height):
    width = 1 << height
    parts = [subtree(start, min(start + width, size)) for start in range(0, size, width)]
    assert root(parts) == subtree(0, size)
