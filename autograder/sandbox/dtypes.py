"""The dtypes of what goes over the wire: plain numbers, little-endian."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DTYPES = tuple(
    np.dtype(code)
    for code in (
        *("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
        *("<f2", "<f4", "<f8", "<c8", "<c16"),
    )
)
CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
SCALAR_TYPES = {dtype.type: code for dtype, code in CODES.items()}


def little(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype with its bytes in the order in which they are sent."""
    return dtype if dtype.byteorder != ">" else dtype.newbyteorder("<")
