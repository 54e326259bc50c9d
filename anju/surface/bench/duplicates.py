"""How well repeated reports are found: hand-labelled pairs, read by the product's functions.

Two sets. ``pairs.tsv`` was written by the author of the first rules and words, so that its figures say too much; all of
it is tuning material. ``pairs_blind.tsv`` was written by somebody who had not seen the program; a fixed seed halves it:
its tune half was given to whoever wrote the rules, its held-out half never was. Only the held-out half says how well
reports of other people are found.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from anju.domain.workorders.actions import SHORT_SPOTS
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.words import Place, likeness, nearness

LABELLED = Path(__file__).with_name("pairs.tsv")
BLIND = Path(__file__).with_name("pairs_blind.tsv")
SEED = 20261129
HOME = Place(1, 1, 12, "08", "1")
# Where the second report of a pair is from, so that the product's own function says how near it is.
THERE = {"unit": HOME, "riser": Place(1, 2, 13, "08", "1"), "building": Place(1, 3, 3, "02", "2")}


@dataclass(frozen=True)
class Pair:
    """Two reports and whether a person who knows the house says that they are one thing.

    Spots are the keys of ``WorkOrder.Spot``; ``nearness`` is where the second is, seen from the first.
    """

    same: bool
    nearness: str
    spot_a: str
    said_a: str
    spot_b: str
    said_b: str


@dataclass(frozen=True)
class Found:
    """What the finder made of some pairs: rightly found, wrongly found, missed."""

    pairs: int
    right: int
    wrong: tuple[Pair, ...]
    missed: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        """Of those it called the same, the share that are."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """Of those that are the same, the share it found."""
        return self.right / max(1, self.right + len(self.missed))


def labelled(path: Path = LABELLED) -> list[Pair]:
    """Every pair of a set, as it was labelled.

    Args:
        path: a file of tab-separated ``same nearness spot_a said_a spot_b said_b`` under a line of these names.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Pair(r["same"] == "1", r["nearness"], r["spot_a"], r["said_a"], r["spot_b"], r["said_b"]) for r in rows]


def tuned_and_held_out() -> tuple[list[Pair], list[Pair]]:
    """All the pairs that rules were tuned on, and those that were kept away from whoever wrote the rules."""
    tune, held_out = halves(labelled(BLIND))
    return labelled() + tune, held_out


def halves(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The half to tune on and the half held out: of each label and nearness as many in both."""
    groups: dict[tuple[bool, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[(pair.same, pair.nearness)].append(pair)
    drawn = random.Random(SEED)  # noqa: S311 — a draw that can be repeated
    tune, held_out = [], []
    for key in sorted(groups):
        drawn.shuffle(groups[key])
        tune += groups[key][::2]
        held_out += groups[key][1::2]
    return tune, held_out


def score(pair: Pair, policy: WorkOrders) -> float:
    """How alike the product finds the two, 0 to 1."""
    book, there = policy.dictionary(), THERE[pair.nearness]
    a = book.read(pair.said_a, SHORT_SPOTS[pair.spot_a])
    b = book.read(pair.said_b, SHORT_SPOTS[pair.spot_b])
    return likeness(a.terms, b.terms, same_kind=a.kind == b.kind, near=nearness(HOME, there))


def evaluate(pairs: list[Pair]) -> Found:
    """Judge pairs by the shipped words and threshold."""
    policy = WorkOrders()
    right, wrong, missed = 0, [], []
    for pair in pairs:
        found = score(pair, policy) * 100 >= policy.same_from
        right += found and pair.same
        if found and not pair.same:
            wrong.append(pair)
        if pair.same and not found:
            missed.append(pair)
    return Found(len(pairs), right, tuple(wrong), tuple(missed))


def figures() -> dict[str, float]:
    """Precision and recall on the tuning material and on the held-out half, and how many pairs each has."""
    tune, held_out = (evaluate(pairs) for pairs in tuned_and_held_out())
    return {
        "pairs": tune.pairs + held_out.pairs,
        "tune_precision": round(tune.precision, 3),
        "tune_recall": round(tune.recall, 3),
        "held_out": held_out.pairs,
        "precision": round(held_out.precision, 3),
        "recall": round(held_out.recall, 3),
    }
