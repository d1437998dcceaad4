"""What the command puts into a dump besides states, read back from the dump alone.

Oracles: the model's own logits from an ordinary forward pass, the states of the same dump, and
token numbers looked up in the tokenizer.
"""

import json

import numpy as np
import pytest
from language_models import needs_torch, save_model, tiny_model, tiny_tokenizer

pytestmark = needs_torch

# Batches are by length, so their samples are not in the order of the file.
ROWS = [
    {"text": "Paris lies in", "answer": "France", "wrong": "Italy Norway"},
    {"text": "the capital of Norway :", "answer": "Oslo not Bern", "wrong": "Bern"},
    {"text": "is it true that Rome lies in Italy ?", "answer": "Yes", "wrong": "No"},
    {"text": "Cairo", "answer": "lies in Egypt .", "wrong": "Egypt"},
    {"text": "Berlin lies in", "answer": "Germany", "wrong": "France"},
]
WIDTH, BLOCKS = 32, 3


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def vector(tmp_path):
    generator = np.random.default_rng(0)
    np.save(tmp_path / "vector.npy", generator.normal(size=WIDTH).astype(np.float32))
    return tmp_path / "vector.npy"


def run(tmp_path, texts, *options: object, name: str = "Llama", output: str = "dump") -> int:
    from plumbline_export.command import main

    folder = tmp_path / name
    if not folder.exists():
        save_model(folder, name)
    given = [folder, "--texts", texts, "--output", tmp_path / output, "--batch-size", 2, *options]
    return main([str(option) for option in [*given, "--quiet"]])


class Dump:
    """A dump by its manifest: arrays and values by role."""

    def __init__(self, folder):
        self.manifest = json.loads((folder / "dump.json").read_text())
        self.folder = folder

    def __getitem__(self, role: str):
        entry = self.manifest["arrays"][role]
        if not isinstance(entry, dict):
            return entry
        values = np.load(self.folder / entry["file"])
        assert values.ndim == len(entry["axes"])
        return values

    def __contains__(self, role: str) -> bool:
        return role in self.manifest["arrays"]


def own_logits(name: str, text: str) -> np.ndarray:
    """Logits (token, vocabulary) of the model that ``save_model`` saves."""
    import torch

    ids = torch.tensor([tiny_tokenizer()(text)["input_ids"]])
    with torch.no_grad():
        return tiny_model(name)(ids).logits[0].numpy()


@pytest.mark.parametrize("name", ["Llama", "GPT2", "Gemma2"])
@pytest.mark.parametrize(("stored", "tolerance"), [("float32", 2e-5), ("float16", 1e-2)])
def test_the_logits_follow_from_the_dump_alone(tmp_path, texts, name, stored, tolerance):
    assert run(tmp_path, texts, "--unembedding", "--type", stored, name=name) == 0
    dump = Dump(tmp_path / "dump")
    states = dump["activations"][:, -1].astype(np.float64)
    if dump["finalNorm.kind"] == "layer":
        states -= states.mean(1, keepdims=True)
    states /= np.sqrt((states**2).mean(1, keepdims=True) + dump["finalNorm.epsilon"])
    states *= dump["finalNorm.weight"] + dump["finalNorm.offset"]
    if "finalNorm.bias" in dump:
        states += dump["finalNorm.bias"]
    logits = states @ dump["unembedding"].T.astype(np.float64)
    if "logitSoftCap" in dump:
        logits = dump["logitSoftCap"] * np.tanh(logits / dump["logitSoftCap"])
    own = np.stack([own_logits(name, row["text"])[-1] for row in ROWS])
    np.testing.assert_allclose(logits, own, atol=tolerance * np.abs(own).max(), rtol=0)
    assert dump["unembedding"].dtype == stored and dump["unembedding"].shape == (64, WIDTH)
    entry = dump.manifest["arrays"]["unembedding"]
    assert entry["axes"] == ["vocabulary", "width"]
    expected = {"Llama": ("rms", 0), "GPT2": ("layer", 0), "Gemma2": ("rms", 1)}[name]
    assert (dump["finalNorm.kind"], dump["finalNorm.offset"]) == expected
    assert ("logitSoftCap" in dump) == (name == "Gemma2")


def test_answer_tokens_and_token_sets(tmp_path, texts, capsys):
    options = ["--answer-token", " {answer}", "--aligned", " Yes", " France", "--misaligned", " No"]
    assert run(tmp_path, texts, *options) == 0
    dump, vocabulary = Dump(tmp_path / "dump"), tiny_tokenizer().get_vocab()
    firsts = [row["answer"].split()[0] for row in ROWS]
    np.testing.assert_array_equal(dump["answerTokens"], [vocabulary[word] for word in firsts])
    assert dump["alignedTokens"] == [vocabulary["Yes"], vocabulary["France"]]
    assert dump["misalignedTokens"] == [vocabulary["No"]]
    shown = capsys.readouterr().out
    assert "2 of 5 answers have more than one token" in shown
    assert "states of activations, finalNormed at --token last" in shown


@pytest.mark.parametrize("stop_after", [1, 2, 4])
def test_scores_of_answers(tmp_path, texts, monkeypatch, stop_after):
    """The export is interrupted between two batches, and run again."""
    import torch

    from plumbline_export.addition_passes import ScoresPass

    options = ["--answer", " {answer}", "--log-probabilities", "--top-logits", 3]
    real, count = ScoresPass.write, iter(range(100))

    def interrupted(self, samples, arrays):
        if next(count) == stop_after:
            raise KeyboardInterrupt
        real(self, samples, arrays)

    monkeypatch.setattr(ScoresPass, "write", interrupted)
    assert run(tmp_path, texts, *options) == (130 if stop_after < 3 else 0)
    if stop_after < 3:
        assert run(tmp_path, texts, *options) == 0
    dump = Dump(tmp_path / "dump")
    expected, ids, values, counts = [], [], [], []
    for row in ROWS:
        logits = own_logits("Llama", f"{row['text']} {row['answer']}")
        tokens = tiny_tokenizer()(f"{row['text']} {row['answer']}")["input_ids"]
        counts.append(len(row["answer"].split()))
        for place in range(len(tokens) - counts[-1], len(tokens)):
            before = torch.from_numpy(logits[place - 1])
            expected.append(float(torch.log_softmax(before.double(), -1)[tokens[place]]))
            ids.append(np.argsort(-logits[place - 1])[:3])
            values.append(logits[place - 1][ids[-1]])
    np.testing.assert_array_equal(dump["tokenCounts"], counts)
    np.testing.assert_allclose(dump["logProbabilities"], expected, atol=1e-4)
    np.testing.assert_array_equal(dump["topLogits.ids"], ids)
    np.testing.assert_allclose(dump["topLogits.values"], values, atol=1e-4)


def test_scores_and_states_of_all_answer_tokens_share_their_rows(tmp_path, texts):
    options = ["--answer", " {answer}", "--log-probabilities", "--token", "predicting-all"]
    assert run(tmp_path, texts, *options) == 0
    dump = Dump(tmp_path / "dump")
    assert len(dump["tokenStates"]) == len(dump["logProbabilities"]) == dump["tokenCounts"].sum()


def sweep_options(vector, layer=2, coefficients="-1:1:5", *further):
    return ["--vector", vector, "--vector-layer", layer, "--coefficients", coefficients, *further]


@pytest.mark.parametrize("positions", ["all", "last"])
def test_a_sweep_with_random_directions(tmp_path, texts, vector, positions):
    options = sweep_options(
        vector, BLOCKS, "-1:1:5", "--random-directions", 3, "--vector-positions", positions
    )
    assert run(tmp_path, texts, *options) == 0
    dump = Dump(tmp_path / "dump")
    coefficients, states = dump["sweep.coefficients"], dump["sweep.states"]
    np.testing.assert_array_equal(coefficients, [-1, -0.5, 0, 0.5, 1])
    np.testing.assert_array_equal(dump["sweep.vector"], np.load(vector))
    unsteered = dump["activations"][:, -1]
    assert states[2].tobytes() == unsteered.tobytes()
    moved = unsteered + coefficients.astype(np.float32)[:, None, None] * dump["sweep.vector"]
    np.testing.assert_array_equal(states, moved)

    controls, control_states = dump["sweep.controlVectors"], dump["sweep.controlStates"]
    assert states.dtype == control_states.dtype == np.float32
    assert control_states.shape == (3, 5, len(ROWS), WIDTH)
    norms = np.linalg.norm(controls, axis=1)
    np.testing.assert_allclose(norms, np.linalg.norm(dump["sweep.vector"]), rtol=1e-6)
    for control, found in zip(controls, control_states):
        scaled = coefficients[:, None].astype(np.float32) * control
        np.testing.assert_array_equal(found, unsteered + scaled[:, None])
    axes = dump.manifest["arrays"]["sweep.controlStates"]["axes"]
    assert axes == ["direction", "coefficient", "sample", "width"]
    provenance = dump.manifest["provenance"]
    expected = {
        "vector": "vector.npy",
        "vectorLayer": "3",
        "vectorPositions": positions,
        "coefficients": "-1:1:5",
        "randomDirections": "3",
        "seed": "1",
    }
    assert {name: provenance[name] for name in expected} == expected


def test_a_sweep_reads_the_prompt_without_its_answer(tmp_path, texts, vector):
    assert run(tmp_path, texts, output="plain") == 0
    options = [*sweep_options(vector), "--answer", " {answer}", "--token", "answer-mean"]
    assert run(tmp_path, texts, *options) == 0
    unsteered = Dump(tmp_path / "plain")["activations"][:, -1]
    assert Dump(tmp_path / "dump")["sweep.states"][2].tobytes() == unsteered.tobytes()


def test_yes_and_no_share_a_prompt(tmp_path, texts, vector):
    options = [*sweep_options(vector), "--yes-no", "--answer-token", " {answer}"]
    assert run(tmp_path, texts, *options) == 0
    dump = Dump(tmp_path / "dump")
    assert run(tmp_path, texts, output="plain") == 0
    unsteered = Dump(tmp_path / "plain")["activations"][:, -1]
    assert dump["sweep.states"][2].tobytes() == unsteered.tobytes()


def test_zero_belongs_to_every_sweep(tmp_path, texts, vector, capsys):
    assert run(tmp_path, texts, *sweep_options(vector, 1, "1,2")) == 0
    assert Dump(tmp_path / "dump")["sweep.coefficients"].tolist() == [0, 1, 2]
    assert "the sweep has coefficient 0, too" in capsys.readouterr().out


@pytest.mark.parametrize("stop_after", range(0, 12, 3))
def test_an_interrupted_sweep_goes_on_to_the_same_bytes(
    tmp_path, texts, vector, monkeypatch, stop_after
):
    from plumbline_export.addition_passes import SweepPass

    options = [*sweep_options(vector), "--random-directions", 3, "--unembedding"]
    assert run(tmp_path, texts, *options, output="whole") == 0
    real, count = SweepPass.write, iter(range(100))

    def interrupted(self, samples, arrays):
        if next(count) == stop_after:
            raise KeyboardInterrupt
        real(self, samples, arrays)

    with monkeypatch.context() as patched:
        patched.setattr(SweepPass, "write", interrupted)
        assert run(tmp_path, texts, *options) == 130
    computed = []

    def counted(self, samples, arrays):
        computed.append(samples)
        real(self, samples, arrays)

    monkeypatch.setattr(SweepPass, "write", counted)
    assert run(tmp_path, texts, *options) == 0
    assert len(computed) == 4 * 3 - stop_after
    whole, resumed = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("whole", "dump")
    )
    assert whole == resumed


def test_another_vector_in_the_same_file_is_another_setting(
    tmp_path, texts, vector, monkeypatch, capsys
):
    from plumbline_export.addition_passes import SweepPass

    def interrupted(self, samples, arrays):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SweepPass, "write", interrupted)
        assert run(tmp_path, texts, *sweep_options(vector)) == 130
    np.save(vector, -np.load(vector))
    assert run(tmp_path, texts, *sweep_options(vector)) == 73
    assert "vector digest: sha256:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--vector-layer", 1], "--vector-layer is about a sweep"),
        (["--coefficients", "-1:1:3"], "--coefficients is about a sweep"),
        (["--random-directions", 3], "--random-directions is about a sweep"),
        (["--vector", "v.npy", "--coefficients", "0"], "a sweep needs --vector-layer"),
        (["--vector", "v.npy", "--vector-layer", 1], "a sweep needs --coefficients"),
        (["--vector", "none.npy", "--vector-layer", 1, "--coefficients", "0"], "No such file"),
        (["--seed", 3], "--seed draws random directions"),
        (["--aligned", " Yes"], "give both"),
        (["--aligned", " Yes", "--misaligned", " No", " Yes"], "' Yes' and ' Yes' are both token"),
        (["--aligned", " Yes", " Yes", "--misaligned", " No"], "' Yes' and ' Yes' are both token"),
        (["--aligned", " Yes No", "--misaligned", " No"], "is 2 tokens of .* ('Yes' 'No')"),
        (["--aligned", " Maybe", "--misaligned", " No"], "' Maybe' is no token of"),
        (["--answer-token", " {anwser}"], 'did you mean "answer"?'),
        (["--log-probabilities"], "give it by --answer"),
        (["--top-logits", 3, "--yes-no"], "leave pairs to another dump"),
        (["--answer", " {answer}", "--top-logits", 65], "more than the 64 tokens"),
        (["--answer", " {answer}", "--top-logits", 0], "no whole number from 1"),
    ],
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(
    tmp_path, texts, capsys, options, message
):
    assert run(tmp_path, texts, *options) in (64, 65, 66)
    error = capsys.readouterr().err
    assert message.replace(".*", "") in error or all(
        part in error for part in message.split(" .* ")
    )
    assert error.count("\n") == 1 and not (tmp_path / "dump").exists()


@pytest.mark.parametrize("layer", [4, 100])
def test_a_layer_that_the_model_has_not(tmp_path, texts, vector, capsys, layer):
    assert run(tmp_path, texts, *sweep_options(vector, layer)) == 64
    assert "from 1 to 3" in capsys.readouterr().err
    assert not (tmp_path / "dump").exists()


def test_a_stack_of_vectors_gives_that_of_the_layer(tmp_path, texts):
    stack = np.random.default_rng(1).normal(size=(BLOCKS + 1, WIDTH)).astype(np.float32)
    np.savez(tmp_path / "stack.npz", mine=stack, other=stack[0])
    assert run(tmp_path, texts, *sweep_options(f"{tmp_path}/stack.npz:mine", 2)) == 0
    np.testing.assert_array_equal(Dump(tmp_path / "dump")["sweep.vector"], stack[2])


@pytest.mark.parametrize(("layer", "is_noted"), [(2, False), (1, True), (3, True)])
def test_a_direction_of_another_layer_is_noted(tmp_path, texts, capsys, layer, is_noted):
    """Control vectors count blocks from 0: ``direction.1`` is the output of block 2."""
    from safetensors.numpy import save_file

    save_file({"direction.1": np.ones(WIDTH, np.float32)}, tmp_path / "v.safetensors")
    source = f"{tmp_path}/v.safetensors:direction.1"
    assert run(tmp_path, texts, *sweep_options(source, layer, "0,1")) == 0
    shown = capsys.readouterr().out
    assert (f"a direction of layer 2, and was added at layer {layer}" in shown) == is_noted


@pytest.mark.parametrize(
    "option", [["--answer-token", " {answer}"], ["--vector", "v", "--vector-layer", 1]]
)
def test_pairs_of_different_prompts_have_no_single_one(tmp_path, texts, vector, capsys, option):
    if "--vector" in option:
        option = sweep_options(vector)
    pairs = ["--positive-template", "be honest {text}", "--negative-template", "lie {text}"]
    assert run(tmp_path, texts, *option, *pairs) == 64
    assert "the two sides of these pairs are two" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--unembedding"], ["--answer", " {answer}", "--log-probabilities"]]
)
def test_encoders_predict_nothing(tmp_path, texts, capsys, options):
    assert run(tmp_path, texts, *options, name="Bert") == 64
    assert "predicts the next token" in capsys.readouterr().err
