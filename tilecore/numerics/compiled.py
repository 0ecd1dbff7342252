"""Numba's decorators with types, for the compiled kernels of all rooms.

Numba is not typed: under its own decorators the signatures of the kernels would be lost to a type checker. The options
are those of :func:`numba.njit`. A kernel stays in numba's cache under the file that defines it, whichever module the
decorator comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, ParamSpec, TypeVar

import numba
from numba.extending import intrinsic

from tilecore.numerics.processor import choose_processor

__all__ = ["by_rows", "larger", "njit", "prange", "smaller"]

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# The kernels name neighbouring pixels one by one; the compiler packs them into vectors only with this option.
numba.config.SLP_VECTORIZE = 1
choose_processor()

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


def by_rows(kernel: Callable[..., None], rows: int, *arguments: Any) -> None:
    """Call ``kernel(first, stop, *arguments)`` for bands of the rows 0 to ``rows``, one for each of numba's threads.

    The kernel, compiled with ``nogil`` or one that calls such kernels, must treat each row by itself. It compiles faster than one
    with ``parallel``.
    """
    threads = max(min(numba.get_num_threads(), rows), 1)
    edges = [rows * k // threads for k in range(threads + 1)]
    if threads == 1:
        kernel(0, rows, *arguments)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(kernel, edges[k], edges[k + 1], *arguments) for k in range(threads)]:
            done.result()


# Of numbers that are not NaN; the sign of zero does not count.
_NUMBERS = ("nnan", "nsz")


def _choice(a: Any, first: int, second: int) -> Any:
    """Signature and code of the choice ``arguments[first] if a < b else arguments[second]`` of two floats of a type."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        below = builder.fcmp_ordered("<", *arguments, flags=_NUMBERS)
        return builder.select(below, arguments[first], arguments[second], flags=_NUMBERS)

    return a(a, a), generate


# Python's min and max become branches, which the compiler turns into masked stores; these become one instruction.
@intrinsic  # type: ignore[untyped-decorator]
def smaller(typing_context: Any, a: Any, b: Any) -> Any:
    """The smaller of two floats of the same type, within a kernel; any value if one is NaN."""
    return _choice(a, 0, 1)


@intrinsic  # type: ignore[untyped-decorator]
def larger(typing_context: Any, a: Any, b: Any) -> Any:
    """The larger of two floats of the same type, within a kernel; any value if one is NaN."""
    return _choice(a, 1, 0)
