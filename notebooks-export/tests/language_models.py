"""Tiny models with random weights, and a tokenizer for them, made without any download."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

needs_torch = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("torch", "transformers"))),
    reason="PyTorch and transformers are not installed: pip install '.[export]'",
)

WORDS = (
    "Paris Rome Oslo Bern lies in France Italy Norway Yes No Is it true that : ? . "
    "Answer not the capital of Berlin Germany Cairo Egypt be honest lie user assistant"
).split()
SPECIAL = ("<unk>", "<s>", "</s>", "<pad>")
SIZES = {
    "vocab_size": 64,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 3,
}
GROUPED = {**SIZES, "num_key_value_heads": 2, "head_dim": 8}
CHAT_TEMPLATE = (
    "{% for message in messages %}<s>user {{ message['content'] }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<s>assistant :{% endif %}"
)

# What a folder's config.json would be made of: the class of transformers and its configuration.
CAUSAL: dict[str, tuple[str, dict[str, Any]]] = {
    "Llama": ("LlamaForCausalLM", {**SIZES, "num_key_value_heads": 2}),
    "GPT2": (
        "GPT2LMHeadModel",
        {
            "vocab_size": 64,
            "n_embd": 32,
            "n_layer": 3,
            "n_head": 4,
            "n_positions": 64,
            "bos_token_id": 1,
            "eos_token_id": 2,
        },
    ),
    "Gemma": ("GemmaForCausalLM", GROUPED),
    "Gemma2": ("Gemma2ForCausalLM", {**GROUPED, "sliding_window": 4}),
    "Gemma3Text": ("Gemma3ForCausalLM", {**GROUPED, "sliding_window": 4}),
    "Qwen2": ("Qwen2ForCausalLM", {**SIZES, "num_key_value_heads": 2}),
    "Qwen3": ("Qwen3ForCausalLM", GROUPED),
    "GPTNeoX": ("GPTNeoXForCausalLM", SIZES),
    "OPT": (
        "OPTForCausalLM",
        {
            **{k: v for k, v in SIZES.items() if k != "intermediate_size"},
            "ffn_dim": 48,
            "word_embed_proj_dim": 32,
        },
    ),
}
ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Bert": ("BertModel", SIZES),
    "Roberta": ("RobertaModel", SIZES),
    "ModernBert": ("ModernBertModel", {**SIZES, "cls_token_id": 1, "sep_token_id": 2}),
}


def tiny_model(name: str, seed: int = 0, **changes: Any) -> Any:
    """A model of transformers with random weights, large enough that its blocks matter."""
    import torch
    import transformers

    class_name, sizes = (CAUSAL | ENCODERS)[name]
    configuration = getattr(transformers, f"{name}Config")(**{**sizes, **changes})
    torch.manual_seed(seed)
    model = getattr(transformers, class_name)(configuration)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            # As made, weights are so small that every block adds next to nothing, and norms are
            # so plain that leaving one out might not be seen.
            if parameter.dim() > 1:
                parameter.normal_(std=0.3)
            else:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    return model.eval()


def tiny_tokenizer(
    before: str | None = "<s>", after: str | None = None, pads: bool = True, chat: bool = False
) -> Any:
    """A word a token, with ``before`` and ``after`` added around every text."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    pieces = [piece for piece in (before, "$A", after) if piece]
    backend.post_processor = processors.TemplateProcessing(
        single=" ".join(pieces),
        special_tokens=[(name, vocabulary[name]) for name in (before, after) if name],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>" if pads else None,
        chat_template=CHAT_TEMPLATE if chat else None,
        model_max_length=64,
    )


def save_model(folder: Path, name: str = "Llama", **tokenizer: Any) -> Path:
    """A folder as ``plumbline-export`` takes it."""
    around = {"before": "<s>", "after": "</s>" if name in ENCODERS else None, **tokenizer}
    tiny_model(name).save_pretrained(folder)
    tiny_tokenizer(**around).save_pretrained(folder)
    return folder


def language_model(name: str, change: Callable[[Any], Any] = lambda model: model, **tokenizer: Any):
    """The model and its tokenizer as the exporter sees them."""
    from plumbline_export.model import LanguageModel

    kind = "encoder" if name in ENCODERS else "causal"
    around = {"after": "</s>" if kind == "encoder" else None, **tokenizer}
    return LanguageModel.of(change(tiny_model(name)), tiny_tokenizer(**around), name, kind=kind)
