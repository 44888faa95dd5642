"""What one GPU program of the depth-wise convolution does, in Triton.

A program has a tile of BLOCK_W columns x BLOCK_C channels of one image and walks down ROWS
rows. What it has seen of a row stays in registers, so that a row is fetched three times
(once a column shift, two of them from the cache) and not nine times. Images are (B, C, h, w)
with any strides in which whole images follow one another; arithmetic is in float32. Grids
are (row strips * column strips, channel blocks, B).

No two programs write to the same place: the same input gives the same bits.
"""

import triton
import triton.language as tl


@triton.jit
def _place(
    channels, stride_c, size, ROWS: tl.constexpr, COLS: tl.constexpr, BLOCK: tl.constexpr
):
    """Return a program's first row, columns and channels, which exist, and their planes."""
    strips = tl.cdiv(size[1], COLS)
    first = (tl.program_id(0) // strips) * ROWS
    column = (tl.program_id(0) % strips) * COLS + tl.arange(0, COLS)
    channel = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    image = tl.program_id(2).to(tl.int64)  # a batch may exceed 2**31 numbers
    plane = image * channels * size[0] * size[1] + channel.to(tl.int64) * stride_c
    return first, column, channel, channel < channels, plane


@triton.jit
def _taps(kernels, channels, channel, exists, row: tl.constexpr):
    """Return a row of every channel's kernel, three times (1, BLOCK_C)."""
    image = tl.program_id(2).to(tl.int64)
    taps = kernels + (image * channels + channel) * 9 + 3 * row
    left = tl.load(taps, mask=exists, other=0.0).to(tl.float32)
    middle = tl.load(taps + 1, mask=exists, other=0.0).to(tl.float32)
    right = tl.load(taps + 2, mask=exists, other=0.0).to(tl.float32)
    return left[None, :], middle[None, :], right[None, :]


@triton.jit
def _element(row, column, exists, plane, size, strides):
    """Return where the elements of a row's tile are, and which of them in the image."""
    pixels = (row >= 0) & (row < size[0]) & (column >= 0) & (column < size[1])
    offsets = row.to(tl.int64) * strides[0] + column * strides[1]
    return offsets[:, None] + plane[None, :], pixels[:, None] & exists[None, :]


@triton.jit
def _load(x, row, column, exists, plane, size, strides):
    """Return a row's tile, zero outside of the image."""
    offsets, inside = _element(row, column, exists, plane, size, strides)
    return tl.load(x + offsets, mask=inside, other=0.0).to(tl.float32)


@triton.jit
def _store(x, tile, row, column, exists, plane, size, strides):
    """Write a row's tile."""
    offsets, inside = _element(row, column, exists, plane, size, strides)
    tl.store(x + offsets, tile.to(x.dtype.element_ty), mask=inside)


@triton.jit
def _load3(x, row, column, exists, plane, size, strides):
    """Return a row's tile seen from one column to the right, from here, from the left."""
    left = _load(x, row, column - 1, exists, plane, size, strides)
    here = _load(x, row, column, exists, plane, size, strides)
    right = _load(x, row, column + 1, exists, plane, size, strides)
    return left, here, right


@triton.jit
def _gradient3(grad, out, slope, row, column, exists, plane, size, strides):
    """Return the same of the gradient before the leaky ReLU, which keeps signs."""
    g = _load3(grad, row, column, exists, plane, size, strides)
    after = _load3(out, row, column, exists, plane, size, strides)
    left = tl.where(after[0] > 0, g[0], g[0] * slope)
    here = tl.where(after[1] > 0, g[1], g[1] * slope)
    right = tl.where(after[2] > 0, g[2], g[2] * slope)
    return left, here, right


@triton.jit
def _dot(tiles, taps):
    """Return what a row's three tiles add to a convolution."""
    return tiles[0] * taps[0] + tiles[1] * taps[1] + tiles[2] * taps[2]


@triton.jit
def _dot_flipped(tiles, taps):
    """Return what a row's three tiles add to a convolution by the mirrored kernel."""
    return tiles[2] * taps[0] + tiles[1] * taps[1] + tiles[0] * taps[2]


@triton.jit
def forward_kernel(
    x,
    kernels,
    out,
    slope,
    channels,
    height,
    width,
    stride_c,
    stride_h,
    stride_w,
    ROWS: tl.constexpr,
    BLOCK_W: tl.constexpr,
    BLOCK_C: tl.constexpr,
):
    """Write a strip of leaky_relu(convolution)."""
    size, strides = (height, width), (stride_h, stride_w)
    first, column, channel, exists, plane = _place(
        channels, stride_c, size, ROWS, BLOCK_W, BLOCK_C
    )
    top = _taps(kernels, channels, channel, exists, 0)
    middle = _taps(kernels, channels, channel, exists, 1)
    bottom = _taps(kernels, channels, channel, exists, 2)
    above = tl.zeros((BLOCK_W, BLOCK_C), tl.float32)  # the sum a row up, but for this row
    centre = tl.zeros((BLOCK_W, BLOCK_C), tl.float32)  # this row's, from the row above
    for step in tl.static_range(ROWS + 2):
        row = first + step - 1
        tiles = _load3(x, row, column, exists, plane, size, strides)
        done = above + _dot(tiles, bottom)
        if step >= 2:
            done = tl.where(done > 0, done, done * slope)
            _store(out, done, row - 1, column, exists, plane, size, strides)
        above = centre + _dot(tiles, middle)
        centre = _dot(tiles, top)


@triton.jit
def backward_kernel(
    grad,
    out,
    x,
    kernels,
    grad_x,
    sums,
    slope,
    channels,
    height,
    width,
    stride_c,
    stride_h,
    stride_w,
    ROWS: tl.constexpr,
    BLOCK_W: tl.constexpr,
    BLOCK_C: tl.constexpr,
):
    """Write a strip of the gradient of x, and its share of that of the kernels, (9, C).

    Both are products with the same nine shifts of the gradient before the leaky ReLU.
    """
    size, strides = (height, width), (stride_h, stride_w)
    first, column, channel, exists, plane = _place(
        channels, stride_c, size, ROWS, BLOCK_W, BLOCK_C
    )
    top = _taps(kernels, channels, channel, exists, 0)
    middle = _taps(kernels, channels, channel, exists, 1)
    bottom = _taps(kernels, channels, channel, exists, 2)
    s0 = tl.zeros((BLOCK_W, BLOCK_C), tl.float32)
    s1, s2, s3, s4, s5, s6, s7, s8 = s0, s0, s0, s0, s0, s0, s0, s0
    a = _gradient3(grad, out, slope, first - 1, column, exists, plane, size, strides)
    b = _gradient3(grad, out, slope, first, column, exists, plane, size, strides)
    for step in range(ROWS):
        row = first + step
        c = _gradient3(grad, out, slope, row + 1, column, exists, plane, size, strides)
        flipped = _dot_flipped(c, top) + _dot_flipped(b, middle) + _dot_flipped(a, bottom)
        _store(grad_x, flipped, row, column, exists, plane, size, strides)
        here = _load(x, row, column, exists, plane, size, strides)
        s0, s1, s2 = s0 + here * c[2], s1 + here * c[1], s2 + here * c[0]
        s3, s4, s5 = s3 + here * b[2], s4 + here * b[1], s5 + here * b[0]
        s6, s7, s8 = s6 + here * a[2], s7 + here * a[1], s8 + here * a[0]
        a, b = b, c
    tile = tl.program_id(2).to(tl.int64) * tl.num_programs(0) + tl.program_id(0)
    share = sums + tile * 9 * channels + channel
    taps = (s0, s1, s2, s3, s4, s5, s6, s7, s8)
    for tap in tl.static_range(9):
        tl.store(share + tap * channels, tl.sum(taps[tap], 0), mask=exists)
