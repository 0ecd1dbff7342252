"""Vectors of :data:`LANES` neighbouring float32 for the compiled kernels of all rooms.

The compiler makes vectors of simple loops over few arrays only; with more arrays it gives up, and stores each intermediate sum.
A kernel that names its vectors keeps them in registers. The compiler translates them for any processor; on those whose registers
are narrower each takes several.

A multiplication and addition by :func:`multiply_add` is rounded in the same way for vectors and for single numbers, so that the
rest of a row, which fills no vector, can be computed pixel by pixel with the same result.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

__all__ = ["LANES", "Vector", "add", "choose", "divide", "multiply", "multiply_add", "splat", "store", "subtract", "vector",
           "whole"]

# A vector, for a type checker.
Vector = Any

# Pixels of a vector: 64 bytes, a line of the cache.
LANES = 16

_CODE = ir.VectorType(ir.FloatType(), LANES)


class _Vector(types.Type):  # type: ignore[misc]
    """A vector of LANES float32, as a variable of a kernel."""

    def __init__(self) -> None:
        super().__init__(name=f"Vector(float32, {LANES})")


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _CODE)


_VECTOR = _Vector()


def _address(context: Any, builder: Any, kinds: Any, array: Any, place: Any) -> Any:
    """Pointer to LANES values of an array from ``place`` on."""
    view = context.make_array(kinds[0])(context, builder, array)
    indices = cgutils.unpack_tuple(builder, place) if isinstance(kinds[1], types.BaseTuple) else [place]
    element = cgutils.get_item_pointer2(context, builder, view.data, cgutils.unpack_tuple(builder, view.shape),
                                        cgutils.unpack_tuple(builder, view.strides), kinds[0].layout, indices)
    return builder.bitcast(element, _CODE.as_pointer())


@intrinsic  # type: ignore[untyped-decorator]
def vector(typing_context: Any, array: Any, place: Any) -> Any:
    """The vector of an array of float32 from ``place`` on, an index or a tuple of one for each axis, along the last axis, whose
    values must follow one another in memory. Bounds are not checked, and indices do not count from the end."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, signature.args, *arguments), align=4)

    return _VECTOR(array, _index(place)), generate


@intrinsic  # type: ignore[untyped-decorator]
def store(typing_context: Any, array: Any, place: Any, vector: Any) -> Any:
    """Write a vector to where :func:`vector` reads."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _address(context, builder, signature.args, *arguments[:2]), align=4)
        return context.get_dummy_value()

    return types.none(array, _index(place), _VECTOR), generate


def _index(place: Any) -> Any:
    """The type of an index, or of a tuple of indices, as the code expects it."""
    return types.UniTuple(types.intp, len(place)) if isinstance(place, types.BaseTuple) else types.intp


@intrinsic  # type: ignore[untyped-decorator]
def splat(typing_context: Any, value: Any) -> Any:
    """The vector of which all are ``value``, a float32."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        one = builder.insert_element(ir.Constant(_CODE, ir.Undefined), arguments[0], ir.Constant(ir.IntType(32), 0))
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(one, ir.Constant(_CODE, ir.Undefined), lanes)

    return _VECTOR(types.float32), generate


@intrinsic  # type: ignore[untyped-decorator]
def multiply_add(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c`` of vectors or of float32, in one rounding where the processor has an instruction for it."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        code = context.get_value_type(signature.return_type)
        name = f"llvm.fmuladd.{f'v{LANES}f32' if signature.return_type == _VECTOR else 'f32'}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(code, [code] * 3), name)
        return builder.call(function, arguments)

    return a(a, a, a), generate


def _operation(name: str) -> Any:
    """Type and code of an operation of two vectors."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, name)(*arguments)

    return _VECTOR(_VECTOR, _VECTOR), generate


@intrinsic  # type: ignore[untyped-decorator]
def add(typing_context: Any, a: Any, b: Any) -> Any:
    """``a + b`` of two vectors."""
    return _operation("fadd")


@intrinsic  # type: ignore[untyped-decorator]
def subtract(typing_context: Any, a: Any, b: Any) -> Any:
    """``a - b`` of two vectors."""
    return _operation("fsub")


@intrinsic  # type: ignore[untyped-decorator]
def multiply(typing_context: Any, a: Any, b: Any) -> Any:
    """``a * b`` of two vectors."""
    return _operation("fmul")


@intrinsic  # type: ignore[untyped-decorator]
def choose(typing_context: Any, a: Any, b: Any, this: Any, other: Any) -> Any:
    """``this`` where ``a < b``, else ``other``, also where one of them is NaN; all are vectors."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *arguments[:2]), *arguments[2:])

    return _VECTOR(_VECTOR, _VECTOR, _VECTOR, _VECTOR), generate


@intrinsic  # type: ignore[untyped-decorator]
def divide(typing_context: Any, a: Any, b: Any) -> Any:
    """``a / b`` of two vectors."""
    return _operation("fdiv")


@intrinsic  # type: ignore[untyped-decorator]
def whole(typing_context: Any, a: Any) -> Any:
    """The largest whole numbers that are not above a vector."""
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(_CODE, [_CODE]), f"llvm.floor.v{LANES}f32")
        return builder.call(function, arguments)

    return _VECTOR(_VECTOR), generate
