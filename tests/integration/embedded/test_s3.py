"""The embedded S3 does what the minio client asks of any S3."""

import io
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from minio import Minio
from minio.error import S3Error

MEGABYTE = 1_000_000


def client(services, secret_key):
    return Minio(
        endpoint=services.s3_endpoint,
        access_key=services.s3_access_key,
        secret_key=secret_key,
        secure=False,
        region="us-east-1",
        http_client=urllib3.PoolManager(retries=False),
    )


@pytest.fixture
def minio(services):
    return client(services, services.s3_secret_key)


@pytest.fixture
def bucket(minio):
    name = f"bucket-{secrets.token_hex(8)}"
    minio.make_bucket(bucket_name=name)
    return name


def put(minio, bucket, key, content, media_type="application/octet-stream"):
    return minio.put_object(
        bucket_name=bucket, object_name=key, data=io.BytesIO(content), length=len(content), content_type=media_type
    )


def get(minio, bucket, key):
    response = minio.get_object(bucket_name=bucket, object_name=key)
    try:
        return response.read()
    finally:
        response.close()
        response.release_conn()


def keys(minio, bucket, prefix=""):
    return [found.object_name for found in minio.list_objects(bucket_name=bucket, prefix=prefix, recursive=True)]


def test_an_object_comes_back_as_it_was_put(minio, bucket):
    put(minio, bucket, "originals/ä b.jpg", b"photo", "image/jpeg")
    assert get(minio, bucket, "originals/ä b.jpg") == b"photo"
    found = minio.stat_object(bucket_name=bucket, object_name="originals/ä b.jpg")
    assert (found.size, found.content_type) == (5, "image/jpeg")


@pytest.mark.parametrize("size", [0, 20 * MEGABYTE, 33 * MEGABYTE])
def test_the_largest_photo_and_more_passes_in_parts(minio, bucket, size):
    content = secrets.token_bytes(size)
    put(minio, bucket, "large", content)
    assert get(minio, bucket, "large") == content
    assert minio.stat_object(bucket_name=bucket, object_name="large").size == size
    minio.remove_object(bucket_name=bucket, object_name="large")
    assert keys(minio, bucket) == []


def test_the_same_key_again_replaces(minio, bucket):
    put(minio, bucket, "key", b"first")
    put(minio, bucket, "key", b"second")
    assert get(minio, bucket, "key") == b"second"
    assert keys(minio, bucket) == ["key"]


def test_a_prefix_lists_what_lies_under_it_only(minio, bucket):
    for key in ("crops/a", "crops/b", "originals/a"):
        put(minio, bucket, key, b"")
    assert keys(minio, bucket, "crops/") == ["crops/a", "crops/b"]


def test_what_was_removed_is_gone_and_removing_it_again_is_fine(minio, bucket):
    put(minio, bucket, "key", b"photo")
    for _ in range(2):
        minio.remove_object(bucket_name=bucket, object_name="key")
    with pytest.raises(S3Error) as missing:
        get(minio, bucket, "key")
    assert missing.value.code == "NoSuchKey"


def test_a_bucket_appears_and_disappears_at_once(minio, bucket):
    other = f"{bucket}-other"
    assert not minio.bucket_exists(bucket_name=other)
    minio.make_bucket(bucket_name=other)
    assert minio.bucket_exists(bucket_name=other)
    minio.remove_bucket(bucket_name=other)
    assert not minio.bucket_exists(bucket_name=other)
    with pytest.raises(S3Error) as missing:
        put(minio, other, "key", b"photo")
    assert missing.value.code == "NoSuchBucket"


def test_many_clients_at_once_are_served(minio, bucket):
    content = {f"photo-{number}": secrets.token_bytes(MEGABYTE) for number in range(16)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: put(minio, bucket, key, content[key]), content))
        assert dict(zip(content, pool.map(lambda key: get(minio, bucket, key), content), strict=True)) == content


def test_a_wrong_secret_is_refused(services, bucket):
    with pytest.raises(S3Error) as refused:
        keys(client(services, "guessed"), bucket)
    assert refused.value.code == "SignatureDoesNotMatch"
