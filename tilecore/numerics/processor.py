"""The processor for which kernels are compiled: that of the computer, or the one of kernels that came with the installation.

Numba finds a kernel on disk only under the processor for which it was compiled. A wheel with kernels
(``scripts/wheel_with_kernels.py``) names a family of processors here; a computer that belongs to it compiles everything for
that family, so that it uses them.
"""

from __future__ import annotations

import numba

__all__ = ["BUILT_FOR", "choose_processor", "fits"]

# The family of processors of the kernels in this installation; "": it has none.
BUILT_FOR = ""
# What a processor must have to belong to a family, in the words of LLVM.
FAMILIES = {"x86-64-v3": frozenset({"avx", "avx2", "bmi", "bmi2", "cx16", "f16c", "fma", "lzcnt", "movbe", "popcnt", "sahf",
                                    "sse4.2", "xsave"})}


def fits(family: str, features: str) -> bool:
    """Whether a processor belongs to a family; False for a family that is not known. ``features`` are those that it has ("+avx2")
    and lacks ("-sse4a"), separated by commas."""
    has = {word[1:] for word in features.split(",") if word.startswith("+")}
    return family in FAMILIES and has >= FAMILIES[family]


def choose_processor() -> None:
    """Make numba compile for :data:`BUILT_FOR` if this computer belongs to it and NUMBA_CPU_NAME is not set."""
    if not BUILT_FOR or numba.config.CPU_NAME is not None:
        return
    from numba.core.codegen import get_host_cpu_features

    if fits(BUILT_FOR, get_host_cpu_features()):
        numba.config.CPU_NAME, numba.config.CPU_FEATURES = BUILT_FOR, ""
