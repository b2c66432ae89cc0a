"""Memory is kept between photos, so that the kernel need not clear it anew."""

import os
import subprocess
import sys

import pytest

PHOTOS = 50
FAULTS = f"""
import resource, numpy as np
from models.allocator import keep_freed_memory
KEEP
np.ones(100_000, np.float32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range({PHOTOS}):
    np.ones(100_000, np.float32)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
GIVING_ALL_BACK = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}


@pytest.mark.parametrize(("keep", "is_kept"), [("keep_freed_memory()", True), ("", False)])
def test_a_freed_picture_leaves_its_memory_to_the_next(keep, is_kept):
    program = FAULTS.replace("KEEP", keep)
    ran = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | GIVING_ALL_BACK, capture_output=True, text=True, check=True
    )
    assert (int(ran.stdout) < PHOTOS) == is_kept
