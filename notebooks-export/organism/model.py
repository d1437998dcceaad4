"""The organism's architecture and tokenizer, in Hugging Face's form."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from .curriculum import SEQUENCE_LENGTH
from .vocabulary import END_TOKEN, PADDING_TOKEN, UNKNOWN_TOKEN, tokens


def new_model(seed: int) -> LlamaForCausalLM:
    """An untrained Llama of 1.2 million parameters: 5 blocks of width 128 with 4 heads."""
    torch.manual_seed(seed)
    ids = {token: number for number, token in enumerate(tokens())}
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(ids),
            hidden_size=128,
            intermediate_size=352,
            num_hidden_layers=5,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=SEQUENCE_LENGTH,
            # One over the root of the width. From the usual 0.02, which suits wider models, it
            # takes several times as long to see whether two words are the same.
            initializer_range=0.09,
            tie_word_embeddings=False,
            bos_token_id=ids[END_TOKEN],
            eos_token_id=ids[END_TOKEN],
            pad_token_id=ids[PADDING_TOKEN],
        )
    )


def new_tokenizer() -> PreTrainedTokenizerFast:
    """One token a word, parted by spaces; a text begins with the end token."""
    ids = {token: number for number, token in enumerate(tokens())}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN_TOKEN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    # Joins words by spaces, and keeps those before full stops, without which words are unknown.
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{END_TOKEN} $A", special_tokens=[(END_TOKEN, ids[END_TOKEN])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_TOKEN,
        eos_token=END_TOKEN,
        pad_token=PADDING_TOKEN,
        unk_token=UNKNOWN_TOKEN,
        model_max_length=SEQUENCE_LENGTH,
        clean_up_tokenization_spaces=False,
    )


def save_checkpoint(model: LlamaForCausalLM, folder: Path) -> None:
    """Writes weights in float16, configuration and tokenizer, as Hugging Face loads them."""
    folder.mkdir(parents=True, exist_ok=True)
    half = LlamaForCausalLM(model.config).to(torch.float16)
    half.load_state_dict(model.state_dict())
    half.save_pretrained(folder)
    new_tokenizer().save_pretrained(folder)


def load_checkpoint(folder: Path) -> LlamaForCausalLM:
    """Reads a checkpoint, in float32."""
    return LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
