"""How glibc's allocator keeps memory between photos: what it gives back, the kernel must clear and map anew."""

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

LARGE_BYTES = 1 << 20
"""A larger block is mapped by itself, and goes back to the system as soon as it is freed."""

KEPT_BYTES = 4 << 20
"""At most so much stays at the heap's end: a photo's middle-sized pictures find their memory where the last one's lay.

With 128 KB instead of these two, a photo of 0.5 MP met 1,600 page faults, which took a third of its time.
"""


def keep_freed_memory() -> None:
    """Set both limits for this process; without glibc nothing happens."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)
