"""Writes the golden arrays of ArrayFilesTests, and what is in them, as NumPy, safetensors and gguf see it.

    python generate.py          # from this folder; needs numpy, torch, safetensors, gguf

Nothing here is random; only legacy.pt (PyTorch's storage key) and other.zip (the time) differ from run to
run. Written with the versions in versions.txt. `expected.txt` has one line an array:
file, member, type, byte order, C or F, shape, values in C order (integers, or floats in hexadecimal),
separated by tabs. `Refused/` holds files that must not be read.
"""

import io
import pickle
import struct
import sys
import zipfile
import zlib
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np
import safetensors
import safetensors.numpy
import safetensors.torch
import torch

here = Path(__file__).parent
expected = []

FLOATS = {
    "f2": [0.0, -1.5, 65504.0, 2.0**-24, 0.333251953125, -0.0],
    "f4": [0.0, -1.5, 3.4028234663852886e38, 2.0**-149, 0.3333333432674408, -0.0],
    "f8": [0.0, -1.5, 1.7976931348623157e308, 5e-324, 1 / 3, -0.0],
}


def values_of(code):
    if code == "b1":
        return np.array([True, False, False, True, True, False])
    if code in FLOATS:
        return np.array(FLOATS[code], dtype=code)
    bounds = np.iinfo(code)
    return np.array([bounds.min, bounds.max, 0, 1, bounds.max - 2, 77], dtype=code)


NAMES = {"b1": "bool", "f2": "float16", "f4": "float32", "f8": "float64"}
for width in (1, 2, 4, 8):
    NAMES[f"i{width}"] = f"int{8 * width}"
    NAMES[f"u{width}"] = f"uint{8 * width}"


def expect(file, member, array, type_name=None, order=None):
    code = array.dtype.kind + str(array.dtype.itemsize)
    byte_order = order or ("big" if array.dtype.byteorder == ">" else "little")
    fortran = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    if array.dtype.kind == "f":
        values = [float(x).hex() for x in array.ravel()]
    else:
        values = [str(int(x)) for x in array.ravel()]
    shape = ",".join(map(str, array.shape))
    row = [file, member, type_name or NAMES[code], byte_order, fortran, shape, " ".join(values)]
    expected.append("\t".join(row))


def write_npy(file, array, version=(1, 0)):
    with open(here / file, "wb") as stream:
        np.lib.format.write_array(stream, array, version=version)
    expect(file, "", array)


# Every type, both byte orders, both element orders.
for code in NAMES:
    for mark in "<>" if code[1] != "1" else "|":
        for order in "CF":
            array = np.asarray(values_of(code).reshape(2, 3).astype(mark + code), order=order)
            name = {"<": "little", ">": "big", "|": "byte"}[mark]
            write_npy(f"{NAMES[code]}-{name}-{order}.npy", array)

# Versions, ranks, empty axes, values that are not numbers.
cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
write_npy("version1.npy", cube, (1, 0))
write_npy("version2.npy", cube, (2, 0))
write_npy("version3.npy", cube, (3, 0))
write_npy("cube-F.npy", np.asfortranarray(cube))
write_npy("zero-rank.npy", np.array(2.5))
write_npy("vector.npy", np.array([3, 1, 2], dtype="<i8"))
write_npy("no-rows.npy", np.zeros((0, 3), dtype="<f4"))
write_npy("non-finite.npy", np.array([np.inf, -np.inf, np.nan], dtype="<f2"))

# Archives.
members = {NAMES[code]: values_of(code).reshape(2, 3) for code in NAMES}
members["fortran"] = np.asfortranarray(cube)
members["big"] = cube.astype(">f8")
members["zeros"] = np.zeros(5000, dtype="<f4")
for file, save in (("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)):
    save(here / file, **members)
    for name, array in members.items():
        expect(file, name, array)
np.savez(here / "single.npz", only=cube)
expect("single.npz", "only", cube)


def zip64(arrays):
    """An archive in which every size and offset stands in a zip64 field, as in one of many gigabytes."""
    out, directory = io.BytesIO(), b""
    for name, array in arrays.items():
        content = io.BytesIO()
        np.save(content, array)
        content = content.getvalue()
        name = (name + ".npy").encode()
        crc, size, start = zipfile.crc32(content), len(content), out.tell()
        extra = struct.pack("<HHQQ", 1, 16, size, size)
        out.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 33, crc, 2**32 - 1, 2**32 - 1,
                              len(name), len(extra)) + name + extra + content)
        # Another field before the zip64 one: readers must search.
        extra = struct.pack("<HHI", 0xCAFE, 4, 7) + struct.pack("<HHQQQ", 1, 24, size, size, start)
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 33, crc, 2**32 - 1,
                                 2**32 - 1, len(name), len(extra), 0, 0, 0, 0, 2**32 - 1) + name + extra
    start = out.tell()
    out.write(directory)
    record = out.tell()
    out.write(struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(arrays), len(arrays),
                          len(directory), start))
    out.write(struct.pack("<IIQI", 0x07064B50, 0, record, 1))
    comment = b"a comment"
    out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1,
                          len(comment)) + comment)
    return out.getvalue()


arrays = {"yes": cube, "no": values_of("i4").reshape(2, 3)}
(here / "zip64.npz").write_bytes(zip64(arrays))
with np.load(here / "zip64.npz") as loaded:
    for name, array in arrays.items():
        assert (loaded[name] == array).all()
        expect("zip64.npz", name, array)

# Safetensors.
tensors = {NAMES[code]: torch.from_numpy(values_of(code).reshape(2, 3)) for code in NAMES}
tensors["bfloat16"] = torch.tensor([0.0, -1.5, 3.3895313892515355e38, 2.0**-133, 0.333984375, -0.0],
                                   dtype=torch.bfloat16).reshape(2, 3)
tensors["scalar"] = torch.tensor(7, dtype=torch.int64)
tensors["empty"] = torch.zeros((0, 4))
safetensors.torch.save_file(tensors, here / "tensors.safetensors",
                            metadata={"model": "tiny \"é\"\n", "site": "residual-post"})
for name, tensor in tensors.items():
    if name == "bfloat16":
        expect("tensors.safetensors", name, tensor.float().numpy(), "bfloat16")
    else:
        expect("tensors.safetensors", name, tensor.numpy())
# A header of 640 bytes makes the file begin with 0x80 0x02, like a pickle.
body = b'{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}'.ljust(640) + b"\x01\x02\x03"
(here / "like-pickle.safetensors").write_bytes(struct.pack("<Q", 640) + body)
x = safetensors.numpy.load_file(here / "like-pickle.safetensors")["x"]
expect("like-pickle.safetensors", "x", x)

# What is refused.
refused = here / "Refused"
np.save(refused / "object.npy", np.array([1, "a", None], dtype=object), allow_pickle=True)
np.save(refused / "text.npy", np.array(["yes", "no"]))
np.save(refused / "bytes.npy", np.array([b"yes", b"no"]))
np.save(refused / "structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4", (2,))]))
np.save(refused / "complex.npy", np.zeros(2, dtype=np.complex64))
np.save(refused / "dates.npy", np.zeros(2, dtype="<M8[s]"))
np.save(refused / "raw.npy", np.zeros(2, dtype="V2"))
np.save(refused / "extended.npy", np.zeros(2, dtype=np.longdouble))
np.savez(refused / "text-member.npz", texts=np.array(["yes", "no"]), numbers=np.arange(3))
np.savez(refused / "nothing.npz")
torch.save(torch.arange(3.0), refused / "tensor.pt")
torch.save(torch.arange(3.0), refused / "legacy.pt", _use_new_zipfile_serialization=False)
for protocol in (2, 4):
    (refused / f"pickle{protocol}.pkl").write_bytes(pickle.dumps([1, 2, 3], protocol=protocol))
with zipfile.ZipFile(refused / "other.zip", "w") as archive:
    archive.writestr("readme.txt", "no arrays")
tensors = {"x": torch.zeros(4, dtype=torch.float8_e4m3fn), "y": torch.ones(2)}
safetensors.torch.save_file(tensors, refused / "float8.safetensors")



def archive(*members):
    """An archive of (name, method, compressed bytes, content) whose directory says what content is."""
    out, directory = b"", b""
    for name, method, stored, content in members:
        fields = struct.pack("<HHHHIIIH", 0, method, 0, 33, zipfile.crc32(content), len(stored),
                             len(content), len(name))
        directory += (struct.pack("<IHH", 0x02014B50, 20, 20) + fields
                      + struct.pack("<HHHHII", 0, 0, 0, 0, 0, len(out)) + name)
        out += struct.pack("<IH", 0x04034B50, 20) + fields + struct.pack("<H", 0) + name + stored
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members), len(directory), len(out), 0)
    return out, directory, end


def deflate(content):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


content = io.BytesIO()
np.save(content, cube)
content = content.getvalue()
streams = {"long": deflate(content + b"more"), "short": deflate(content[:-4]),
           "cut": deflate(content)[:-8], "followed": deflate(content) + b"more",
           "garbage": b"\xff" * 40}
for name, stream in streams.items():
    (refused / f"{name}.npz").write_bytes(b"".join(archive((b"x.npy", 8, stream, content))))
# Exactly right, so that the four above are refused for their one fault.
(here / "by-hand.npz").write_bytes(b"".join(archive((b"x.npy", 8, deflate(content), content))))
expect("by-hand.npz", "x", cube)
# A member inside another one's elements, as in archives that inflate without end.
inner, entry, _ = archive((b"y.npy", 0, content, content))
outer = io.BytesIO()
np.save(outer, np.frombuffer(inner, dtype="u1"))
out, directory, end = archive((b"x.npy", 0, outer.getvalue(), outer.getvalue()))
entry = entry[:42] + struct.pack("<I", out.index(inner)) + entry[46:]
end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, len(directory + entry), len(out), 0)
(refused / "nested.npz").write_bytes(out + directory + entry + end)



# GGUF lists the axes of a tensor in the opposite order, so a matrix of two rows tells.
def write_gguf(path, tensors, fields=lambda writer: None):
    writer = gguf.GGUFWriter(path, "golden")
    fields(writer)
    for name, array, options in tensors:
        writer.add_tensor(name, array, **options)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def every_type(writer):
    writer.add_uint8("golden.uint8", 255)
    writer.add_int8("golden.int8", -128)
    writer.add_uint16("golden.uint16", 65535)
    writer.add_int16("golden.int16", -32768)
    writer.add_uint32("golden.uint32", 2**32 - 1)
    writer.add_int32("golden.int32", -2**31)
    writer.add_uint64("golden.uint64", 2**64 - 1)
    writer.add_int64("golden.int64", -2**63)
    writer.add_float32("golden.float32", -0.5)
    writer.add_float64("golden.float64", 1 / 3)
    writer.add_bool("golden.bool", True)
    writer.add_string("golden.string", "é \n")
    writer.add_array("golden.integers", [1, -2, 3])
    writer.add_array("golden.numbers", [0.25, -1.5])
    writer.add_array("golden.flags", [True, False])
    writer.add_array("golden.texts", ["a", "", "🙂"])


matrix = {code: values_of(code).reshape(2, 3) for code in ("f2", "f4", "f8", "i1", "i2", "i4", "i8")}
half_floats = np.array([[1.0, -2.0, 0.15625], [3.0, -0.0, 2.0**-126]], dtype="f4")
pattern = (half_floats.view("u4") >> 16).astype("u2").view("u1").reshape(2, 6)
tensors = [(NAMES.get(code, f"int{8 * array.dtype.itemsize}"), array, {}) for code, array in matrix.items()]
tensors.append(("bfloat16", pattern, {"raw_dtype": gguf.GGMLQuantizationType.BF16}))
write_gguf(here / "tensors.gguf", tensors, every_type)
for name, array, _ in tensors[:-1]:
    expect("tensors.gguf", name, array, order="little")
expect("tensors.gguf", "bfloat16", half_floats, "bfloat16", "little")
vector = values_of("f4")
write_gguf(here / "aligned.gguf", [("x", vector, {}), ("y", vector[::-1].copy(), {})],
           lambda writer: writer.add_custom_alignment(128))
expect("aligned.gguf", "x", vector, order="little")
expect("aligned.gguf", "y", vector[::-1].copy(), order="little")
quantised = np.zeros((1, 18), dtype="u1")
write_gguf(refused / "quantised.gguf",
           [("q", quantised, {"raw_dtype": gguf.GGMLQuantizationType.Q4_0}), ("x", vector, {})])

(here / "expected.txt").write_text("\n".join(expected) + "\n")
(here / "versions.txt").write_text(
    f"python {sys.version.split()[0]}\nnumpy {np.__version__}\n"
    f"safetensors {safetensors.__version__}\ntorch {torch.__version__}\n"
    f"gguf {version('gguf')}\n")
