import re
from typing import Any

from pydantic import SecretStr

from photogate.settings import Settings
from tests.guards.tree import ROOT

ROW = re.compile(r"^\| `(PHOTOGATE_\w+)` \| (?:`([^`]*)`)? ?\| (\S.*) \|$", re.MULTILINE)


def written(default: Any) -> str:
    """A default as an operator would write it."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_is_documented_with_its_default():
    documented = {name: default for name, default, _ in ROW.findall((ROOT / "docs/settings.md").read_text())}
    settings = {f"PHOTOGATE_{name.upper()}": written(field.default) for name, field in Settings.model_fields.items()}
    assert documented == settings
