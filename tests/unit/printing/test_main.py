"""`python -m printing`: the printer's command, which knows nothing of the rest of the house."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from photogate.releases.keys import key_set
from printing.__main__ import main
from tests.guards.tree import ROOT
from tests.unit.printing.issuer import KEY, PHOTO, SIGNER, claims, revoked_list


@pytest.fixture
def signed():
    now = datetime.now(UTC)
    return claims(issued_at=now, expires_at=now + timedelta(hours=1))


@pytest.fixture
def folder(tmp_path, signed):
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    (tmp_path / "other.jpg").write_bytes(PHOTO + b"!")
    (tmp_path / "token").write_text(SIGNER.sign(signed) + "\n")
    (tmp_path / "keys.json").write_text(key_set([KEY.public_key()]))
    (tmp_path / "foreign.json").write_text(key_set([Ed25519PrivateKey.generate().public_key()]))
    (tmp_path / "revoked.jwt").write_text(revoked_list(signed.release_id, at=datetime.now(UTC)))
    (tmp_path / "none.jwt").write_text(revoked_list(at=datetime.now(UTC)))
    assert main(["begin", str(tmp_path / "ledger.db")]) == 0
    return tmp_path


def printed(folder, capsys, *, photo="photo.jpg", keys="keys.json", use=("--ledger", "ledger.db"), revoked=()):
    files = {"ledger.db", "revoked.jwt", "none.jwt", "nowhere"}
    further = [str(folder / word) if word in files else word for word in (*use, *revoked)]
    capsys.readouterr()
    code = main(["verify", f"@{folder / 'token'}", str(folder / photo), "--keys", str(folder / keys), *further])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) <= 1
    return code, said.out, said.err


def test_a_release_prints_once(folder, signed, capsys):
    assert printed(folder, capsys, use=["--look-only"])[0] == 0
    code, out, _ = printed(folder, capsys, revoked=["--revoked", "none.jwt"])
    assert (code, json.loads(out)["release_id"]) == (0, str(signed.release_id))
    code, out, err = printed(folder, capsys)
    assert (code, out) == (1, "")
    assert "used at this printer already" in err


@pytest.mark.parametrize(
    ("how", "code", "sentence"),
    [
        ({"photo": "other.jpg"}, 1, "the bytes differ"),
        ({"keys": "foreign.json"}, 1, "not in the key set"),
        ({"revoked": ["--revoked", "revoked.jwt"]}, 1, "revoked"),
        ({"photo": "missing.jpg"}, 2, "cannot be read"),
        ({"keys": "photo.jpg"}, 2, "key set cannot be read"),
        ({"use": ["--ledger", "nowhere"]}, 2, "no ledger"),
        ({"revoked": ["--revoked", "nowhere"]}, 2, "cannot be read"),
    ],
)
def test_what_does_not_print_is_said_in_one_sentence_and_not_used_up(folder, capsys, how, code, sentence):
    ended, out, err = printed(folder, capsys, **how)
    assert (ended, out) == (code, "")
    assert sentence in err
    assert printed(folder, capsys)[0] == 0


def test_without_a_ledger_one_has_to_say_so(folder, capsys):
    with pytest.raises(SystemExit, match="2"):
        printed(folder, capsys, use=())


def test_it_stands_alone_wherever_the_folder_is_copied(tmp_path):
    (tmp_path / "printing").mkdir()
    for file in (ROOT / "printing").glob("*.py"):
        (tmp_path / "printing" / file.name).write_bytes(file.read_bytes())
    tell = (
        "import json, sys, printing.__main__; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    alone = subprocess.run([sys.executable, "-c", tell], cwd=tmp_path, check=True, capture_output=True, text=True)
    loaded = set(json.loads(alone.stdout))
    assert {"printing", "cryptography"} <= loaded
    assert loaded & {"photogate", "jwt", "sqlalchemy", "pydantic", "httpx", "typer"} == set()
