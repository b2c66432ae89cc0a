"""Where the bytes of photos lie: five verbs over any S3-compatible store."""

import io
from collections.abc import Iterator
from typing import Protocol

import urllib3
from minio import Minio
from minio.error import S3Error

from photogate.errors import NotFound
from photogate.settings import Settings


class PhotoStore(Protocol):
    """The five things that Photogate asks of a store."""

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
        """Make the bucket when it is not there; harmless when two programs do it at once."""
        if not self._client.bucket_exists(bucket_name=self._bucket):
            try:
                self._client.make_bucket(bucket_name=self._bucket)
            except S3Error as error:
                if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                    raise

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep `content` under `key`; the same key again replaces it."""
        self._client.put_object(
            bucket_name=self._bucket,
            object_name=key,
            data=io.BytesIO(content),
            length=len(content),
            content_type=media_type,
        )

    def get(self, key: str) -> bytes:
        """The bytes under `key`; raises NotFound."""
        try:
            response = self._client.get_object(bucket_name=self._bucket, object_name=key)
        except S3Error as error:
            raise _translated(error, key) from error
        try:
            return response.read()
        finally:
            response.close()
            response.release_conn()

    def exists(self, key: str) -> bool:
        """Whether something lies under `key`."""
        try:
            self._client.stat_object(bucket_name=self._bucket, object_name=key)
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchObject"}:
                return False
            raise
        return True

    def delete(self, key: str) -> None:
        """Remove what lies under `key`; nothing there is fine too."""
        self._client.remove_object(bucket_name=self._bucket, object_name=key)

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins with `prefix`."""
        for found in self._client.list_objects(bucket_name=self._bucket, prefix=prefix, recursive=True):
            if found.object_name is not None:
                yield found.object_name


def _translated(error: S3Error, key: str) -> Exception:
    if error.code in {"NoSuchKey", "NoSuchObject"}:
        return NotFound(f"The store has nothing under {key}.")
    return error
