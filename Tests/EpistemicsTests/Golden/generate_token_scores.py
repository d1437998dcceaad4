"""Writes token_scores.json beside itself: scores of answers from their tokens' log-probabilities and logits.

Everything is computed from definitions with NumPy and SciPy, whose versions are in the file. The inputs are a
worked example, typed in; and made-up answers of several lengths. Run: python generate_token_scores.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.special import log_softmax
from scipy.stats import entropy, kurtosis

EXAMPLE_LOG_PROBABILITIES = [
    -0.157051, -0.203747, -0.121455, -1.534545, -0.038345, -0.217599, -0.530123, -0.168979,
]
EXAMPLE_LOGITS = [
    [1.199497, 3.45379, 0.046672, -3.629428, 2.939758, -0.440926, -0.842747, 5.206345, -0.6624, -1.473769, -0.972011],
    [-2.927728, -2.701966, 5.119428, -1.640283, -2.575086, -1.336813, 4.87277, -1.547345, 2.297411, -2.96828, -1.059138],
    [-0.516806, -1.326183, -0.364276, -0.333705, 0.752594, -0.996279, 1.338299, 3.936465, -0.394543, -1.7138, -1.33914],
    [0.018155, -1.473135, 1.965141, -0.458772, -2.796932, -0.631824, 2.898247, -1.672047, 1.925602, -1.73368, -0.097086],
    [-3.43205, 5.023274, -0.244715, 1.776087, -3.218934, -0.922924, 0.972683, -0.309475, -1.798467, -0.297961, 0.616454],
    [0.817201, -0.463199, 0.420601, 0.880882, 2.490428, -1.225808, 1.01228, -1.829387, -0.623211, 1.03098, 0.023397],
    [-0.032638, -1.894371, 1.697841, 1.050483, 1.125323, 0.543409, -0.354784, 5.064129, -2.129029, -0.552305, -0.700849],
    [0.649259, 0.560968, 1.323902, 0.97195, -1.051712, -2.211664, -0.262733, -1.449479, -0.547428, 0.680044, -1.212302],
]


def answer(own, logits, quantiles, k):
    """Every score of one answer, by the identifiers of the catalogue, as an uncertainty."""
    own, logs = np.array(own), log_softmax(np.array(logits), axis=1)
    probabilities = np.exp(logs)
    falling = -np.sort(-probabilities, axis=1)
    top = falling[:, :k] / falling[:, :k].sum(axis=1, keepdims=True)
    negentropies = 1 - entropy(top, axis=1) / np.log(k)
    entropies = entropy(probabilities, axis=1)
    pearson = kurtosis(probabilities, axis=1, fisher=False)
    return {
        "logProbabilities": own.tolist(),
        "logits": logits,
        "k": k,
        "quantiles": [
            {
                "alpha": alpha,
                "logProbability": -float(np.quantile(own, alpha)),
                "probability": -float(np.quantile(np.exp(own), alpha)),
            }
            for alpha in quantiles
        ],
        "scores": {
            "sequence-negative-log-likelihood": -own.sum(),
            "mean-negative-log-likelihood": -own.mean(),
            "perplexity": np.exp(-own.mean()),
            "minimum-token-probability": -np.exp(own).min(),
            "geometric-mean-probability": -np.exp(own.mean()),
            "arithmetic-mean-probability": -np.exp(own).mean(),
            "token-entropy": entropies.mean(),
            "token-entropy/maximum": entropies.max(),
            "self-certainty": -(-logs.mean(axis=1) - np.log(logs.shape[1])).mean(),
            "probability-margin": -(falling[:, 0] - falling[:, 1]).mean(),
            "top-k-negentropy": -negentropies.mean(),
            "top-k-negentropy/minimum": -negentropies.min(),
            "probability-kurtosis": -pearson.mean(),
            "probability-kurtosis/fisher": -(pearson - 3).mean(),
        },
    }


def main():
    random = np.random.default_rng(20251004)
    quantiles = [0, 0.1, 0.2, 0.5, 0.8, 1]
    greedy = log_softmax(np.array(EXAMPLE_LOGITS), axis=1).max(axis=1).tolist()
    answers = [
        answer(EXAMPLE_LOG_PROBABILITIES, EXAMPLE_LOGITS, quantiles, 5),
        answer(greedy, EXAMPLE_LOGITS, quantiles, 5),
    ]
    for length, vocabulary, scale in ((1, 7, 1.0), (2, 40, 3.0), (5, 40, 0.2), (3, 120, 8.0)):
        logits = np.round(random.standard_normal((length, vocabulary)) * scale, 3)
        ids = random.integers(vocabulary, size=length)
        own = log_softmax(logits, axis=1)[np.arange(length), ids]
        answers.append(answer(own, logits.tolist(), quantiles, 5))
    content = {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        "answers": answers,
    }
    text = json.dumps(content, default=float, indent=1)
    Path(__file__).with_name("token_scores.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
