"""Postgres, Redis and S3 of their own for one measurement, with every migration and nothing in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url

from embedded.provision import provision
from embedded.services import EmbeddedServices
from migrations.run import upgrade
from photogate.applicants.master_keys import new_master_key
from photogate.audit.notes import Kind, new_key
from photogate.settings import Settings
from photogate.storage import S3PhotoStore


@dataclass(frozen=True, slots=True)
class Fresh:
    """An empty house: the settings of its programs, and the URL of somebody whom no right of its database stops."""

    settings: Settings
    superuser_url: str


@contextmanager
def fresh_house() -> Iterator[Fresh]:
    """Start the services for the block, on a folder that goes again."""
    with TemporaryDirectory(prefix="photogate-measures-") as folder, EmbeddedServices(Path(folder)) as services:
        urls = provision(services.superuser_url, "photogate")
        upgrade(urls.owner)
        new_master_key(Path(folder) / "master-keys")
        new_key(Path(folder) / "checkpoint.key", "photogate.example/log", Kind.LOG)
        settings = Settings.model_validate(
            {
                "database_url": urls.app,
                "owner_database_url": urls.owner,
                "redis_url": services.redis_url,
                "s3_endpoint": services.s3_endpoint,
                "s3_access_key": services.s3_access_key,
                "s3_secret_key": services.s3_secret_key,
                "s3_secure": False,
                "master_keys": Path(folder) / "master-keys",
                "checkpoint_key_file": Path(folder) / "checkpoint.key",
            }
        )
        S3PhotoStore(settings).ensure_bucket()
        superuser = make_url(services.superuser_url).set(database="photogate")
        yield Fresh(settings, superuser.render_as_string(hide_password=False))
