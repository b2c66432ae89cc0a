"""What this machine's processor can do."""

from functools import lru_cache
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_FAST_IN_EIGHT_BITS = ("amx_int8", "avx512_vnni", "avx_vnni", "avx2", "asimddp")


@lru_cache(maxsize=1)
def instructions() -> frozenset[str]:
    """The instruction sets that the kernel names, as it spells them; none where it does not say."""
    try:
        lines = _CPUINFO.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    named = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return frozenset(named.partition(":")[2].split())


def best_for_eight_bits() -> str | None:
    """The instruction set that eight-bit products run on here, None when there is none worth having."""
    return next((name for name in _FAST_IN_EIGHT_BITS if name in instructions()), None)
