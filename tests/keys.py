"""Master keys of this run's own, and the key of every photo that the factories make."""

import atexit
import shutil
from pathlib import Path
from tempfile import mkdtemp

from photogate.applicants.master_keys import KeyFolder, new_master_key
from photogate.applicants.sealing import DataKey

MASTER_KEYS = Path(mkdtemp(prefix="photogate-test-keys-"))
atexit.register(shutil.rmtree, MASTER_KEYS, ignore_errors=True)
new_master_key(MASTER_KEYS)

KMS = KeyFolder(MASTER_KEYS)
PHOTO_KEY = DataKey(bytes(range(32)))
