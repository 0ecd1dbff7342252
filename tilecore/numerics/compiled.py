"""Numba's decorators with types, for the compiled kernels of all rooms.

Numba is not typed: under its own decorators the signatures of the kernels would be lost to a type checker. The options
are those of :func:`numba.njit`. A kernel stays in numba's cache under the file that defines it, whichever module the
decorator comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar

import numba

__all__ = ["njit", "prange"]

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# The kernels name neighbouring pixels one by one; the compiler packs them into vectors only with this option.
numba.config.SLP_VECTORIZE = 1

# A range whose steps run in parallel, within a kernel compiled with ``parallel``.
prange: type[range] = numba.prange


def njit(*, cache: bool = True, nogil: bool = False, parallel: bool = False, fastmath: bool | set[str] = False,
         inline: Literal["never", "always"] = "never",
         forceinline: bool = False) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Decorator that compiles a function of numbers and arrays to machine code.

    ``nogil`` releases Python's lock while the function runs, so that frames are worked on side by side. ``fastmath`` names
    the liberties of the compiler with sums (see numba); such a function must be inlined by force, with ``inline`` or
    ``forceinline``: the copy of it inside a caller rounds differently from the one on its own.
    """
    decorator: Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]] = numba.njit(
        cache=cache, nogil=nogil, parallel=parallel, fastmath=fastmath, inline=inline, forceinline=forceinline)
    return decorator
