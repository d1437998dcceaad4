"""Vectors are read as they were saved, and whatever has no direction or no place is refused.

Oracles: files written by NumPy and safetensors, and grids worked out by hand.
"""

import numpy as np
import pytest
from language_models import needs_torch

from plumbline_export.errors import ExportError
from plumbline_export.vectors import parse_coefficients, random_directions, read_vector

WIDTH, LAYERS = 4, 3
STACK = np.arange(1, 13, dtype=np.float64).reshape(LAYERS, WIDTH)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int32])
def test_npy_vectors_and_rows_of_layers(tmp_path, dtype):
    np.save(tmp_path / "one.npy", STACK[1].astype(dtype))
    np.save(tmp_path / "all.npy", STACK.astype(dtype))
    for name in ("one.npy", "all.npy"):
        vector = read_vector(str(tmp_path / name), 1, LAYERS, WIDTH)
        assert vector.dtype == np.float32
        np.testing.assert_array_equal(vector, STACK[1])


def test_npz_members(tmp_path):
    np.savez(tmp_path / "two.npz", a=STACK[0], b=STACK)
    np.savez(tmp_path / "one.npz", a=STACK[0])
    for source, row in (("two.npz:a", 0), ("two.npz:b", 2), ("one.npz", 0), ("one.npz:a", 0)):
        vector = read_vector(str(tmp_path / source), 2, LAYERS, WIDTH)
        np.testing.assert_array_equal(vector, STACK[row])
    with pytest.raises(ExportError, match="it holds 2 arrays; name one, as two.npz:a"):
        read_vector(str(tmp_path / "two.npz"), 2, LAYERS, WIDTH)
    with pytest.raises(ExportError, match='no array "vectr"; there are "a", "b"'):
        read_vector(str(tmp_path / "two.npz:vectr"), 2, LAYERS, WIDTH)


@needs_torch
def test_safetensors_of_every_float_type(tmp_path):
    import torch
    from safetensors.torch import save_file

    row = torch.from_numpy(STACK[0])
    types = {"f64": torch.float64, "f16": torch.float16, "bf16": torch.bfloat16}
    save_file(
        {name: row.to(kind) for name, kind in types.items()}, tmp_path / "direction.safetensors"
    )
    for name in types:
        source = f"{tmp_path}/direction.safetensors:{name}"
        np.testing.assert_array_equal(read_vector(source, 0, LAYERS, WIDTH), STACK[0])


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones(5), r"has shape \(5,\); a vector of this model is \(4,\), or \(3, 4\)"),
        (np.ones((2, 4)), r"has shape \(2, 4\)"),
        (np.ones((1, 4)), r"has shape \(1, 4\)"),
        (np.zeros(4), "zero or not finite"),
        (np.array([1, np.nan, 0, 0]), "zero or not finite"),
        (np.full(4, 1e300), "zero or not finite"),
        (np.array(["a"] * 4), "no numbers"),
        (np.array([{}] * 4), "cannot be read: Object arrays"),
    ],
)
def test_what_is_no_vector_of_the_model_is_refused(tmp_path, array, message):
    np.save(tmp_path / "v.npy", array)
    with pytest.raises(ExportError, match=message):
        read_vector(str(tmp_path / "v.npy"), 0, LAYERS, WIDTH)


@pytest.mark.parametrize(
    ("name", "content", "message", "code"),
    [
        ("v.npy", b"no array", "cannot be read", 65),
        ("v.npy", b"", "cannot be read", 65),
        ("v.npz", b"no archive", "cannot be read", 65),
        ("v.safetensors", b"\xff" * 20, "cannot be read", 65),
        ("v.pt", b"", "a vector is read from a .npy, .npz or .safetensors file", 64),
        ("none.npy", None, "cannot be read: No such file", 66),
        ("none.npz", None, "cannot be read: No such file", 66),
        ("none.safetensors", None, "cannot be read: No such file", 66),
    ],
)
@needs_torch
def test_files_that_cannot_be_read(tmp_path, name, content, message, code):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ExportError, match=message) as caught:
        read_vector(str(tmp_path / name), 0, LAYERS, WIDTH)
    assert caught.value.exit_code == code


@pytest.mark.parametrize(
    ("text", "values", "zero_put_in"),
    [
        ("-1:1:5", [-1, -0.5, 0, 0.5, 1], False),
        ("2,-1,0", [-1, 0, 2], False),
        ("1:3:3", [0, 1, 2, 3], True),
        ("-0.5", [-0.5, 0], True),
        ("0", [0], False),
        ("1:-1:3", [-1, 0, 1], False),
    ],
)
def test_coefficients(text, values, zero_put_in):
    found, put_in = parse_coefficients(text)
    assert (found.tolist(), put_in) == (values, zero_put_in)


@pytest.mark.parametrize("count", [3, 7, 41, 1001])
@pytest.mark.parametrize("end", [0.1, 0.3, 1 / 3, 7.7])
def test_a_grid_around_zero_holds_zero_itself(count, end):
    found, put_in = parse_coefficients(f"{-end}:{end}:{count}")
    assert len(found) == count and not put_in
    assert found[count // 2] == 0 and not np.signbit(found[count // 2])


@pytest.mark.parametrize(
    "text", ["", "a", "1:2", "1:2:3:4", "1,,2", "nan", "0:inf:3", "1:2:-1", "0:1:99999999999"]
)
def test_what_are_no_coefficients(text):
    with pytest.raises(ExportError, match="the coefficients") as caught:
        parse_coefficients(text)
    assert caught.value.exit_code == 64


def test_repeated_coefficients_are_refused():
    with pytest.raises(ExportError, match="the same number twice"):
        parse_coefficients("1,2,1")
    with pytest.raises(ExportError, match="the same number twice"):
        parse_coefficients("1:1:2")


def test_random_directions_have_the_norm_of_the_vector_and_no_place_of_their_own():
    vector = np.arange(1, 65, dtype=np.float32)
    drawn = random_directions(vector, 500, seed=3)
    norms = np.linalg.norm(drawn.astype(np.float64), axis=1)
    np.testing.assert_allclose(norms, np.linalg.norm(vector.astype(np.float64)), rtol=1e-6)
    np.testing.assert_array_equal(drawn, random_directions(vector, 500, seed=3))
    np.testing.assert_array_equal(drawn[:3], random_directions(vector, 3, seed=3))
    assert not np.array_equal(drawn, random_directions(vector, 500, seed=4))
    # Evenly from the sphere: the mean cosine with any direction is 0 with variance 1/(width · n).
    cosines = drawn @ vector / np.linalg.norm(vector) ** 2
    assert abs(cosines.mean()) < 5 / np.sqrt(64 * 500)
    np.testing.assert_allclose(cosines.var(), 1 / 64, rtol=0.3)
