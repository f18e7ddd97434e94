"""What missed and wrong links do to a count: the estimate, its bounds, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.stats.linkage_error import LinkageTrust, bound_count, bound_rate, estimate_false_dropouts
from observatory.stats.rates import wilson_interval

PERFECT = LinkageTrust(1, 1, 1)


def test_perfect_links_change_nothing():
    lower, upper = bound_count([0, 7, 120], [0, 50, 1000], PERFECT)
    assert lower.tolist() == upper.tolist() == [0, 7, 120]
    hidden = estimate_false_dropouts([0, 50], PERFECT)
    assert hidden.value.tolist() == hidden.lower.tolist() == hidden.upper.tolist() == [0, 0]
    assert np.allclose(bound_rate(7, 200, 50, PERFECT), wilson_interval(7, 200))


def test_the_estimate_is_what_was_found_over_recall_less_what_was_found():
    hidden = estimate_false_dropouts(990, LinkageTrust(0.99, 0.98, 0.995))
    assert hidden.value == pytest.approx(10)


trusts = st.tuples(st.floats(0.6, 1), st.floats(0.6, 1), st.floats(0.6, 1), st.floats(0.9, 1)).map(
    lambda of: LinkageTrust(sorted(of[:3])[1], min(of[:3]), max(of[:3]), of[3])
)


@given(st.integers(0, 500), st.integers(0, 5000), st.integers(0, 5000), trusts)
def test_bounds_hold_the_value_and_stay_possible(count, more, found, trust):
    hidden = estimate_false_dropouts(found, trust)
    assert 0 <= hidden.lower <= hidden.value <= hidden.upper
    lower, upper = bound_count(count, found, trust)
    assert 0 <= lower <= count <= upper
    base = count + more
    if base:
        low, high = bound_rate(count, base, found, trust)
        assert 0 <= low <= count / base <= high <= 1


@given(st.integers(0, 500), st.integers(1, 5000), trusts)
def test_more_links_found_means_more_may_be_missed(count, found, trust):
    narrow, wide = (bound_count(count, of, trust)[0] for of in (found, 2 * found))
    assert wide <= narrow


def test_the_interval_covers_the_truth_in_most_areas_when_links_are_missed_at_random():
    """Persons found are lost one by one with the probability of a miss; the true count is drawn again."""
    rng = np.random.default_rng(4)
    recall, areas = 0.985, 4000
    truly_found, without = rng.integers(20, 900, areas), rng.integers(0, 150, areas)
    hidden = rng.binomial(truly_found, 1 - recall)
    trust = LinkageTrust(recall, 0.98, 0.99)
    lower, upper = bound_count(without + hidden, truly_found - hidden, trust)
    covered = (lower <= without) & (without <= upper)
    assert covered.mean() > 0.97
    estimate = estimate_false_dropouts(truly_found - hidden, trust)
    assert estimate.value.sum() == pytest.approx(hidden.sum(), rel=0.03)
    assert (hidden > estimate.upper).mean() < 0.03


@pytest.mark.parametrize(
    "numbers", [(0.9, 0.95, 0.99), (0.99, 0.9, 0.95), (0, 0, 0.5), (0.9, 0.8, 1.1), (0.9, 0.8, 0.95, 1.5)]
)
def test_an_impossible_trust_is_refused(numbers):
    with pytest.raises(ValueError, match="lies in 0-1"):
        LinkageTrust(*numbers)


@pytest.mark.parametrize(("count", "found"), [(-1, 5), (5, -1)])
def test_a_negative_count_is_refused(count, found):
    with pytest.raises(ValueError, match="negative"):
        bound_count(count, found, PERFECT)
