"""Loads a language model of the Hugging Face library, with its tokenizer."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoTokenizer,
    PretrainedConfig,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
)

from .batches import Batch
from .errors import ExportError
from .fingerprint import fingerprint_of_model
from .layout import ModelLayout


@dataclass(frozen=True)
class LanguageModel:
    """A causal or encoder model that is ready to run, its tokenizer, and where its parts are.

    ``name`` is that on the hub, or the folder's, and ``revision`` the commit, or what was asked
    for. ``fingerprint`` is a digest of its configuration, weights and vocabulary. ``kind`` is
    "causal" or "encoder", ``width`` that of the residual stream, ``blocks`` how many blocks there
    are, and ``context_length`` the most tokens it takes (None: no bound).
    """

    name: str
    revision: str | None
    fingerprint: str
    model: Any
    tokenizer: Any
    layout: ModelLayout
    kind: str
    width: int
    blocks: int
    context_length: int | None
    device: torch.device

    @classmethod
    def load(
        cls,
        name: str,
        revision: str | None = None,
        kind: str | None = None,
        device: str = "cpu",
        dtype: str | None = None,
    ) -> LanguageModel:
        """Loads a model from a folder or from the Hugging Face hub, never running its code.

        ``dtype`` is float32, float16 or bfloat16; None takes float32 on the CPU, and elsewhere
        the type that the weights are stored in.
        """
        source = {"revision": revision, "trust_remote_code": False}
        if revision is None or Path(name).is_dir():
            del source["revision"]
        configuration = _read(name, "configuration", AutoConfig.from_pretrained, source)
        kind, loader = _kind_and_loader(name, configuration, kind)
        precision = dtype or ("float32" if device == "cpu" else "auto")
        arguments = {**source, "dtype": precision, "output_loading_info": True}
        model, loading = _read(name, "weights", loader.from_pretrained, arguments)
        _refuse_missing_weights(name, loading["missing_keys"])
        tokenizer = _read(name, "tokenizer", AutoTokenizer.from_pretrained, source)
        stored, _ = PretrainedConfig.get_config_dict(name, **source)
        found = getattr(configuration, "_commit_hash", None) or revision
        shown = Path(name).resolve().name if Path(name).is_dir() else name
        return cls.of(model, tokenizer, shown, found, kind, device, stored)

    @classmethod
    def of(
        cls,
        model: Any,
        tokenizer: Any,
        name: str,
        revision: str | None = None,
        kind: str = "causal",
        device: str = "cpu",
        stored_configuration: dict[str, Any] | None = None,
    ) -> LanguageModel:
        """A model of transformers that is in memory already.

        ``stored_configuration`` is what its ``config.json`` says, where there is one: unlike the
        configuration in memory it is the same with every version of transformers.
        """
        layout = ModelLayout.find(model)
        configuration = model.config.get_text_config()
        identity = stored_configuration or model.config.to_diff_dict()
        return cls(
            name=name,
            revision=revision,
            fingerprint=fingerprint_of_model(model, tokenizer, identity),
            model=model.eval().to(device),
            tokenizer=tokenizer,
            layout=layout,
            kind=kind,
            width=configuration.hidden_size,
            blocks=len(layout.blocks),
            context_length=_context_length(configuration, tokenizer, layout),
            device=torch.device(device),
        )

    @property
    def identity(self) -> dict[str, str]:
        """What a manifest says of the model: name, revision where there is one, fingerprint."""
        known = {"name": self.name, "revision": self.revision, "fingerprint": self.fingerprint}
        return {name: entry for name, entry in known.items() if entry is not None}

    @property
    def has_final_norm(self) -> bool:
        """Whether a norm of its own follows the last block; BERT's blocks end in theirs."""
        return self.layout.final_norm is not None

    @property
    def layer_names(self) -> list[str]:
        """The names of layers 0 to ``blocks``."""
        return [self.layer_name(layer) for layer in range(self.blocks + 1)]

    def layer_name(self, layer: int) -> str:
        """The name of a layer; the one after the last is the final norm."""
        if layer == 0:
            return "embeddings"
        return f"block {layer}" if layer <= self.blocks else "final norm"

    @property
    def padding_id(self) -> int:
        """The tokenizer's padding token; models without one get token 0, which is masked."""
        padding = getattr(self.tokenizer, "pad_token_id", None)
        return 0 if padding is None else padding

    def check_ids(self, ids: Iterable[int]) -> None:
        """Refuses tokens that the model has no embedding for."""
        known = self.model.get_input_embeddings().num_embeddings
        largest = max(ids, default=0)
        if largest >= known:
            raise ExportError(
                f"the tokenizer of {self.name} makes token {largest}, but the model knows only "
                f"tokens 0 to {known - 1}; the tokenizer is of another model"
            )

    def run(self, batch: Batch, with_head: bool = False) -> Any:
        """Runs the model over a batch, for its hooks, or ``with_head`` for its logits.

        Returns what the model of transformers returns. Without its head a causal model does not
        compute the logits, which would be the largest array by far.
        """
        module = self.model if with_head else self.layout.base
        accepted = inspect.signature(module.forward).parameters
        inputs: dict[str, Any] = {
            "input_ids": batch.ids.to(self.device),
            "attention_mask": batch.mask.to(self.device),
        }
        if "use_cache" in accepted:
            inputs["use_cache"] = False
        # Padded on the right, every model counts positions as it was trained to. Padded on the
        # left, some count the padding, and must be told.
        if any(batch.starts) and "position_ids" in accepted and not _counts_from_padding(module):
            inputs["position_ids"] = batch.position_ids.to(self.device)
        with torch.inference_mode():
            return module(**inputs)


def _read(name: str, what: str, load: Any, arguments: dict[str, Any]) -> Any:
    """What ``load`` of transformers returns for a model, or an error that a person can use."""
    if not Path(name).is_dir() and (name.startswith((".", "/", "~")) or name.count("/") > 1):
        raise ExportError(f"there is no folder {name} with a model in it", 66)
    try:
        return load(name, **arguments)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        if "trust_remote_code" in reason:
            reason = "it needs Python code that comes with the model, and such code is never run"
        elif not Path(name).is_dir():
            reason += "; a model is a folder, or the name of one on the Hugging Face hub"
        raise ExportError(f"the {what} of {name} cannot be read: {reason}", 66) from error


def _kind_and_loader(name: str, configuration: Any, kind: str | None) -> tuple[str, Any]:
    """Whether the model is causal or an encoder, and the class of transformers that loads it."""
    if configuration.is_encoder_decoder:
        raise ExportError(
            f"{name} is an encoder–decoder ({configuration.model_type}); only causal and encoder "
            "models have one residual stream to export; choose another model"
        )
    names = set(configuration.architectures or ())
    with_head = bool(names & set(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values()))
    if kind is None:
        family = configuration.get_text_config().model_type
        is_encoder = not with_head and family in MODEL_FOR_MASKED_LM_MAPPING_NAMES
        is_causal = with_head or family in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
        if not is_encoder and not is_causal:
            raise ExportError(
                f"{name} ({', '.join(sorted(names)) or family}) is not known as a causal or an "
                "encoder language model; if it is one, say which by --kind causal or --kind "
                "encoder"
            )
        kind = "encoder" if is_encoder else "causal"
    # Without the head's weights, a head would be one of random numbers.
    return kind, AutoModelForCausalLM if kind == "causal" and with_head else AutoModel


def _refuse_missing_weights(name: str, missing: set[str]) -> None:
    # A pooler stands beside the residual stream, and nothing reads it.
    needed = sorted(key for key in missing if "pooler" not in key)
    if needed:
        raise ExportError(
            f"{name} lacks the weights of {', '.join(needed[:3])}"
            f"{f' and {len(needed) - 3} more' if len(needed) > 3 else ''}, which would be random "
            "numbers; the folder is incomplete, or its config.json is of another model"
        )


def _counts_from_padding(module: Any) -> bool:
    """Whether the model numbers positions by its padding token, as RoBERTa's family does."""
    return any(hasattr(part, "create_position_ids_from_input_ids") for part in module.modules())


def _context_length(configuration: Any, tokenizer: Any, layout: ModelLayout) -> int | None:
    positions = getattr(configuration, "max_position_embeddings", None)
    if positions is not None and _counts_from_padding(layout.base):
        positions -= configuration.pad_token_id + 1
    bounds = [positions, getattr(tokenizer, "model_max_length", None)]
    # Tokenizers without a bound say 10^30.
    known = [bound for bound in bounds if bound is not None and 0 < bound < 2**31]
    return min(known, default=None)
