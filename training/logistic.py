"""Logistic regression on named evidence, with an L2 penalty, by Newton's method."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The constant is all but free.
PENALTY_OF_CONSTANT = 0.01
MOST_STEPS = 50


def matrix(evidence: Sequence[Mapping[str, float]], names: Sequence[str]) -> Array:
    """One row for each mapping, a column for each of ``names`` (0 where it lacks one), and a last column of ones."""
    column = {name: number for number, name in enumerate(names)}
    given = np.zeros((len(evidence), len(names) + 1))
    given[:, -1] = 1
    for row, each in zip(given, evidence, strict=True):
        for name, value in each.items():
            if name in column:
                row[column[name]] = value
    return given


def fit(given: Array, right: Array, penalty: float, start: Array | None = None) -> Array:
    """The weight of each column of ``given`` that makes ``right`` (0 or 1 for each row) likeliest.

    The last column is the constant. Of the log likelihood is taken half of ``penalty`` times the square of each
    weight's distance from its ``start`` (0 if none is given).
    """
    penalties = np.full(given.shape[1], penalty)
    penalties[-1] = PENALTY_OF_CONSTANT
    origin = np.zeros(given.shape[1]) if start is None else start
    weights = origin.copy()
    for _ in range(MOST_STEPS):
        likely = chances(given @ weights)
        slope = given.T @ (right - likely) - penalties * (weights - origin)
        curvature = (given * (likely * (1 - likely))[:, None]).T @ given + np.diag(penalties)
        step = np.linalg.solve(curvature, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def fit_choice(given: Array, right: Array, starts: Sequence[int], penalty: float) -> Array:
    """The weight of each column of ``given`` that makes the right choices likeliest.

    Each choice is between some consecutive rows, the first of them at one of ``starts``; of these one or more are
    ``right`` (1, else 0). Of the log likelihood is taken half of ``penalty`` times each weight's square.
    """
    choice = np.repeat(np.arange(len(starts)), np.diff([*starts, len(given)]))
    weights = np.zeros(given.shape[1])
    for _ in range(MOST_STEPS):
        odds = np.exp(given @ weights)
        likely = odds / np.add.reduceat(odds, starts)[choice]
        meant = odds * right / np.add.reduceat(odds * right, starts)[choice]
        slope = given.T @ (meant - likely) - penalty * weights
        weighted = given * likely[:, None]
        means = np.add.reduceat(weighted, starts)
        step = np.linalg.solve(given.T @ weighted - means.T @ means + penalty * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def chances(log_odds: Array) -> Array:
    """The probabilities of ``log_odds``."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def log_loss(likely: Array, right: Array) -> float:
    """The mean surprise in nats, when each of ``right`` (0 or 1) was held as ``likely``."""
    return float(-np.log(np.where(right == 1, likely, 1 - likely)).mean())
