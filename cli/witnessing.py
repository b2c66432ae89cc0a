"""A witness: signs a checkpoint of somebody else's log only if the log has done nothing but grow."""

import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from photogate.audit.notes import KeyRefused, Kind, PrivateKey, divided, public_keys
from photogate.audit.proofs import ConsistencyProof, ProofRefused
from photogate.audit.statement import Statement
from photogate.errors import Unavailable

TIMEOUT_S = 30.0


class Witness:
    """Remembers in a file the last checkpoint that it signed."""

    def __init__(self, api_url: str, api_key: str, key: Path, log_key: Path, seen: Path) -> None:
        self._api_url, self._headers = api_url.rstrip("/"), {"Authorization": f"Bearer {api_key}"}
        self._key = PrivateKey.load(key)
        if self._key.kind is not Kind.WITNESS:
            raise KeyRefused(f"{key} is a log's key: a witness signs with one that was made with --witness.")
        self._log_keys = public_keys(log_key)
        self._seen = seen

    def sign(self) -> str:
        """Sign the last checkpoint and hand the signature in; returns what was done.

        Raises ProofRefused where history was rewritten, NoteRefused, Unavailable.
        """
        note = self._ask("GET", "/v1/audit/checkpoint").text
        stated, text = Statement.signed(note, *self._log_keys), divided(note)[0]
        self._require_growth(stated)
        # Remembered before it is signed: a witness that dies in between must not sign another history later.
        self._remember(note)
        line = self._key.sign(text, time_s=int(time.time()))
        self._ask("POST", "/v1/audit/checkpoint/cosignatures", content=f"{text}\n{line}")
        return f"Witnessed {stated.size} events of {stated.origin}, which only grew since the last time."

    def _require_growth(self, new: Statement) -> None:
        if not self._seen.exists():
            return
        old = Statement.signed(self._seen.read_bytes().decode(errors="replace"), *self._log_keys)
        if old.size > new.size:
            raise ProofRefused(f"The log has {new.size} events, and {old.size} were signed before: it was cut off.")
        self._proof(old.size, new.size).verify(old, new)

    def _proof(self, old_size: int, size: int) -> ConsistencyProof:
        if not 0 < old_size < size:
            return ConsistencyProof(old_size, size, ())
        answer = self._ask("GET", "/v1/audit/consistency", params={"from": old_size, "to": size})
        return ConsistencyProof.read(answer.content)

    def _remember(self, note: str) -> None:
        written = self._seen.with_name(self._seen.name + ".new")
        written.write_text(note, "utf-8")
        written.replace(self._seen)

    def _ask(
        self, method: str, path: str, *, content: str | None = None, params: Mapping[str, int] | None = None
    ) -> httpx.Response:
        try:
            answer = httpx.request(
                method,
                f"{self._api_url}{path}",
                content=content,
                params=params,
                headers=self._headers,
                timeout=TIMEOUT_S,
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"The API cannot be reached: {type(error).__name__}.") from error
        if not answer.is_success:
            raise Unavailable(f"The API answered {answer.status_code} to {method} {path}.")
        return answer
