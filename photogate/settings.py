"""Everything an operator can set, read once from `PHOTOGATE_…` variables; docs/settings.md explains each."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One program's settings; a value of the wrong kind stops the program at its start, by name."""

    model_config = SettingsConfigDict(env_prefix="PHOTOGATE_", frozen=True)

    database_url: str = "postgresql+psycopg2://photogate_app@localhost/photogate"
    owner_database_url: str = "postgresql+psycopg2://photogate_owner@localhost/photogate"
    redis_url: str = "redis://localhost:6379/0"

    s3_endpoint: str = "localhost:8333"
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    s3_bucket: str = "photogate"
    s3_region: str = "us-east-1"
    s3_secure: bool = True

    api_url: str = "http://localhost:8000"
    review_url: str = "http://localhost:8001"
    secure_cookies: bool = True
    session_idle_minutes: int = Field(default=30, gt=0)
    session_hours: int = Field(default=12, gt=0)

    master_keys: Path = Path("photogate-master-keys")
    signing_key_file: Path = Path("photogate-release-key.pem")
    published_keys_folder: Path = Path("photogate-release-keys")
    release_hours: int = Field(default=72, gt=0)

    checkpoint_key_file: Path = Path("photogate-checkpoint.key")
    checkpoint_interval_s: float = Field(default=0.25, gt=0)
    checkpoint_file: str = ""
    checkpoint_webhook: str = ""
    witness_keys: str = ""
    webhook_private_addresses: bool = False

    issuer_profile: str = "default"
    classifier: str = "student"
    runtime: Literal["auto", "fp32", "int8", "torch"] = "auto"
    models_folder: Path = Path("photogate-models")
    face_detector: str = "compact"
    face_detector_weights: str = ""
    face_detector_sha256: str = ""

    max_photo_bytes: int = Field(default=20_000_000, gt=0)
    max_photo_pixels: int = Field(default=40_000_000, gt=0)
    upload_timeout_s: float = Field(default=60, gt=0)
    decode_cpu_s: int = Field(default=5, gt=0)
    decode_memory_mb: int = Field(default=512, gt=0)

    lease_s: float = Field(default=30, gt=0)
    review_lease_s: float = Field(default=90, gt=0)
    review_due_hours: float = Field(default=72, gt=0)
    golden_share: float = Field(default=0.02, ge=0, le=0.5)
    golden_seed: str = "golden"
    max_attempts: int = Field(default=3, gt=0)
    relay_interval_s: float = Field(default=1, gt=0)
    sweep_hours: float = Field(default=24, gt=0)
    inline_classify: bool = True
    check_timeout_s: float = Field(default=5, gt=0)

    log_level: str = "INFO"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read from its environment once."""
    return Settings()
