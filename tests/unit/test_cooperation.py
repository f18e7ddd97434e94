"""The rules of the inventory: unknown is never zero, and a difference of view needs both views."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.domain.cooperation import (
    DIRECTED_PAIR_COUNT,
    CooperationLevel,
    CooperationRating,
    Modality,
    ModalityRecord,
    ModalityStatus,
    Partner,
    completeness,
    reciprocal_gaps,
)

CIO, PJJ, CFA = Partner.CIO, Partner.PJJ, Partner.CFA


def rate(giver: Partner, other: Partner, level: int | None, basin: str = "AM01") -> CooperationRating:
    return CooperationRating(basin, giver, other, None if level is None else CooperationLevel(level))


def test_seven_structures_make_42_ratings_and_the_convention_names_11_modalities():
    assert (len(Partner), DIRECTED_PAIR_COUNT, len(Modality)) == (7, 42, 11)
    assert [level.value for level in CooperationLevel] == [0, 1, 2, 3, 4, 5]


def test_a_difference_of_two_levels_is_a_subject_and_one_level_is_not():
    (gap,) = reciprocal_gaps([rate(CIO, PJJ, 4), rate(PJJ, CIO, 2), rate(CIO, CFA, 3), rate(CFA, CIO, 2)])
    assert (gap.first_partner, gap.second_partner) == (CIO, PJJ)
    assert (gap.first_to_second, gap.second_to_first, gap.size) == (4, 2, 2)


def test_a_view_that_is_missing_makes_no_difference_even_against_the_highest_level():
    assert reciprocal_gaps([rate(CIO, PJJ, 5)]) == ()
    assert reciprocal_gaps([rate(CIO, PJJ, 5), rate(PJJ, CIO, None)]) == ()


def test_no_interaction_is_an_answer():
    assert len(reciprocal_gaps([rate(CIO, PJJ, 2), rate(PJJ, CIO, 0)])) == 1


def test_basins_are_not_mixed():
    assert reciprocal_gaps([rate(CIO, PJJ, 5, "AM01"), rate(PJJ, CIO, 0, "NI01")]) == ()


def test_a_direction_rated_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        reciprocal_gaps([rate(CIO, PJJ, 1), rate(CIO, PJJ, 2)])


def test_a_structure_does_not_rate_itself():
    with pytest.raises(ValueError, match="itself"):
        rate(CIO, CIO, 3)


def test_what_was_not_reported_does_not_count_as_known():
    modalities = [
        ModalityRecord("AM01", modality, status)
        for modality, status in zip(Modality, ModalityStatus, strict=False)
    ]
    known = completeness([rate(CIO, PJJ, 0), rate(PJJ, CIO, None)], modalities)
    assert known.rating_count == 1
    assert known.modality_count == 5, "every state but the not reported one is an answer"
    assert known.rating_share == pytest.approx(1 / 42)
    assert known.modality_share == pytest.approx(5 / 11)


def test_nothing_reported_is_zero_known():
    assert completeness([], []).rating_share == 0


def test_completeness_is_that_of_one_basin():
    with pytest.raises(ValueError, match="one basin"):
        completeness(
            [rate(CIO, PJJ, 1, "AM01")], [ModalityRecord("NI01", Modality.HANDOVER, ModalityStatus.DONE)]
        )


_ratings = st.dictionaries(
    st.tuples(st.sampled_from(["AM01", "NI12"]), st.sampled_from(Partner), st.sampled_from(Partner)).filter(
        lambda key: key[1] is not key[2]
    ),
    st.none() | st.sampled_from(CooperationLevel),
).map(lambda levels: [CooperationRating(*key, level) for key, level in levels.items()])


@given(_ratings, st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_order_of_the_ratings_changes_nothing_and_every_gap_is_large_enough(ratings, random, minimum):
    gaps = reciprocal_gaps(ratings, minimum)
    shuffled = list(ratings)
    random.shuffle(shuffled)
    assert reciprocal_gaps(shuffled, minimum) == gaps
    assert all(gap.size >= minimum for gap in gaps)
    assert set(reciprocal_gaps(ratings, minimum + 1)) <= set(gaps)


@given(_ratings)
def test_completeness_is_a_share(ratings):
    known = completeness([r for r in ratings if r.basin_code == "AM01"], [])
    assert 0 <= known.rating_share <= 1
