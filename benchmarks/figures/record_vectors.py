"""The Merkle tree against the public vectors of RFC 9162."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, Promise, Proof
from photogate.audit.tree import is_consistent, is_included

VECTORS = ROOT / "tests" / "vectors" / "rfc9162"

TRIED = Promise("public RFC 9162 vectors tried, proofs of inclusion and of consistency", least=196)
WRONG = Promise("of them with another outcome than theirs", least=0, most=0)

Vector = Mapping[str, Any]


def vectors(_context: Context) -> list[Figure]:
    """Hold the tree to every line of the vectors."""
    outcomes = [*_outcomes("inclusion", _included), *_outcomes("consistency", _consistent)]
    return [TRIED.measured(len(outcomes)), WRONG.measured(outcomes.count(False))]


def _outcomes(kind: str, accepts: Callable[[Vector], bool]) -> list[bool]:
    """Return whether each vector is accepted exactly when it should be."""
    lines = (VECTORS / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    return [accepts(vector) is not vector["wantErr"] for vector in map(json.loads, lines)]


def _included(vector: Vector) -> bool:
    leaf, root = _bytes(vector["leafHash"]), _bytes(vector["root"])
    return is_included(leaf, vector["leafIdx"], vector["treeSize"], _hashes(vector), root)


def _consistent(vector: Vector) -> bool:
    old, new = _bytes(vector["root1"]), _bytes(vector["root2"])
    return is_consistent(vector["size1"], vector["size2"], old, new, _hashes(vector))


def _hashes(vector: Vector) -> list[bytes]:
    return [_bytes(written) for written in vector["proof"] or []]


def _bytes(written: str | None) -> bytes:
    return b64decode(written or "")


RFC_9162 = Proof("the public vectors", (TRIED, WRONG), vectors)
