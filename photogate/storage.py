"""Where the bytes of photos lie: a few verbs over any S3-compatible store."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple, Protocol

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from photogate.errors import NotFound, Unavailable
from photogate.settings import Settings

AWAY = "The photo store does not answer right now; please try again in a moment."
SERVER_ERROR = 500


class StoredObject(NamedTuple):
    """An object's key, and when it was written."""

    name: str
    modified_at: datetime


class PhotoStore(Protocol):
    """The things that Photogate asks of a store."""

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep `content` under `key`; the same key again replaces it."""

    def get(self, key: str) -> bytes:
        """The bytes under `key`; raises NotFound."""

    def exists(self, key: str) -> bool:
        """Whether something lies under `key`."""

    def delete(self, key: str) -> None:
        """Remove what lies under `key`; nothing there is fine too."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins with `prefix`."""

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """The same with the time of each."""


class S3PhotoStore:
    """A bucket of an S3-compatible store, through the minio client."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3_bucket
        self._client = Minio(
            endpoint=settings.s3_endpoint,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=settings.s3_secure,
            region=settings.s3_region,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=3, read=15), retries=urllib3.Retry(total=2, backoff_factor=0.2)
            ),
        )

    def ensure_bucket(self) -> None:
        """Make the bucket when it is not there; harmless when two programs do it at once. Raises Unavailable."""
        with _answering():
            if self._client.bucket_exists(bucket_name=self._bucket):
                return
            try:
                self._client.make_bucket(bucket_name=self._bucket)
            except S3Error as error:
                if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep `content` under `key`; the same key again replaces it. Raises Unavailable."""
        with _answering():
            self._client.put_object(
                bucket_name=self._bucket,
                object_name=key,
                data=io.BytesIO(content),
                length=len(content),
                content_type=media_type,
            )

    def get(self, key: str) -> bytes:
        """The bytes under `key`; raises NotFound, Unavailable."""
        with _answering(key):
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
            try:
                return response.read()
            finally:
                response.close()
                response.release_conn()

    def exists(self, key: str) -> bool:
        """Whether something lies under `key`; raises Unavailable."""
        try:
            with _answering(key):
                self._client.stat_object(bucket_name=self._bucket, object_name=key)
        except NotFound:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove what lies under `key`; nothing there is fine too. Raises Unavailable."""
        with _answering():
            self._client.remove_object(bucket_name=self._bucket, object_name=key)

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins with `prefix`; raises Unavailable."""
        yield from (found.name for found in self.objects(prefix))

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """The same with the time of each; raises Unavailable."""
        with _answering():
            for found in self._client.list_objects(bucket_name=self._bucket, prefix=prefix, recursive=True):
                if found.object_name is not None and found.last_modified is not None:
                    yield StoredObject(found.object_name, found.last_modified)


@contextmanager
def _answering(key: str | None = None) -> Iterator[None]:
    """Tell a store that is away, and an object that is not there, from everything else that can go wrong."""
    try:
        yield
    except S3Error as error:
        if error.code in {"NoSuchKey", "NoSuchObject"}:
            raise NotFound(f"The store has nothing under {key}.") from error
        if error.response.status >= SERVER_ERROR:
            raise Unavailable(AWAY) from error
        raise
    except (HTTPError, ServerError, InvalidResponseError) as error:
        raise Unavailable(AWAY) from error
