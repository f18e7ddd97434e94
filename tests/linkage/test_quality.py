"""What is told of the links without the truth, held against the truth of generated extracts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from observatory.domain.campaign import QUALITY_MEASURES, QualityTopic, Source, is_quality_item
from observatory.errors import UserFacingError
from observatory.linkage.generator import GeneratedExtracts
from observatory.linkage.linking import Method, link_records
from observatory.linkage.masking import MaskedSource, SourceCounts, estimate_precision, estimate_recall
from observatory.linkage.quality import measure_quality, read_recall, write_quality
from observatory.linkage.working_file import MODEL_FILE
from tests.linkage.linked_people import generated, read_links, score, write_working_file

pytestmark = pytest.mark.heavy
SCALE = 0.05


@pytest.fixture(scope="module")
def extracts() -> GeneratedExtracts:
    return generated(SCALE, seed=2)


@pytest.fixture(scope="module")
def working_dir(extracts: GeneratedExtracts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("quality") / "croisement"
    write_working_file(made, extracts)
    link_records(made)
    return made


@pytest.fixture(scope="module")
def quality(working_dir: Path) -> pd.DataFrame:
    frame = measure_quality(working_dir)
    write_quality(working_dir, frame)
    return frame


@pytest.fixture(scope="module")
def scores(working_dir: Path, extracts: GeneratedExtracts) -> pd.DataFrame:
    return score(read_links(working_dir), extracts.truth)


def cells(frame: pd.DataFrame, topic: QualityTopic) -> pd.DataFrame:
    """The rows of a topic, by item and measure."""
    return frame[frame["topic"] == topic.value].set_index(["item", "measure"])


def test_every_row_is_publishable_and_unique(quality):
    assert not quality.duplicated(["topic", "item", "measure"]).any()
    for row in quality.itertuples():
        topic = QualityTopic(row.topic)
        assert is_quality_item(topic, row.item), (topic, row.item)
        assert row.measure in QUALITY_MEASURES[topic]
    assert quality["value"].notna().all()
    bounded = quality[quality["lower"].notna()]
    assert ((bounded["lower"] <= bounded["value"]) & (bounded["value"] <= bounded["upper"])).all()


def test_statuses_count_every_record_and_persons_are_counted_once(quality, working_dir, extracts):
    statuses = cells(quality, QualityTopic.LINK_STATUS)["value"].groupby("item").sum()
    assert statuses.to_dict() == {source.value: len(frame) for source, frame in extracts.frames.items()}
    persons = cells(quality, QualityTopic.OVERLAP)["value"]
    assert persons.sum() == read_links(working_dir)["person_id"].nunique()
    known_to_all = [item for item, _ in persons.index if item.startswith("pupils+")]
    assert len(known_to_all) > 5


def test_match_rates_add_up_to_the_links(quality, scores):
    for topic in (QualityTopic.MATCH_DEPARTEMENT, QualityTopic.MATCH_BIRTH_YEAR):
        found = cells(quality, topic)
        linked = found.xs("linked", level="measure")["value"]
        by_source = linked.groupby(linked.index.str.split("|").str[0]).sum()
        assert by_source.to_dict() == scores["found"].drop("all").to_dict()
        rates = found.xs("rate", level="measure")["value"]
        assert rates.between(0, 1).all()


def test_what_differs_from_the_pupil_base_is_counted_where_both_say_something(quality):
    found = cells(quality, QualityTopic.DISAGREEMENT)["value"].unstack()
    assert (found["differing"] <= found["compared"]).all()
    assert "mission_locale|ine" not in found.index
    share = found["differing"] / found["compared"]
    assert share["mission_locale|commune_residence"] > share["affectation|commune_residence"] > 0


def test_the_recall_told_without_the_truth_holds_the_true_one(working_dir, quality, scores):
    assert len(quality)
    estimates = read_recall(working_dir)
    assert set(estimates) == set(Source) - {Source.PUPILS}
    for source in (Source.APPRENTICESHIP, Source.MISSION_LOCALE):
        true = scores.loc[source.value, "recall"]
        assert estimates[source].lower <= true <= estimates[source].upper, (source, true, estimates[source])
    width = estimates[Source.APPRENTICESHIP].upper - estimates[Source.APPRENTICESHIP].lower
    assert 0 < width < 0.02
    assert estimates[Source.MISSION_LOCALE].value < estimates[Source.APPRENTICESHIP].value


def test_the_precision_told_without_the_truth_is_near_the_true_one(quality, scores):
    told = cells(quality, QualityTopic.METHOD).loc[("splink", "precision")]
    assert told["lower"] - 0.0005 <= scores.loc["all", "precision"] <= 1
    assert told["value"] == pytest.approx(scores.loc["all", "precision"], abs=0.001)


def test_a_higher_weight_is_oftener_right_than_a_lower_one(quality):
    found = cells(quality, QualityTopic.CALIBRATION)["value"].unstack()
    assert found.loc["16_plus", "observed"] > 0.999
    assert found.loc["below_2", "observed"] < found.loc["16_plus", "observed"]
    assert found["announced"].loc[["below_2", "8_12", "16_plus"]].is_monotonic_increasing


def test_methods_are_compared_on_the_same_extracts(quality, working_dir, extracts, scores):
    pairs = cells(quality, QualityTopic.METHOD).xs("pairs", level="measure")["value"]
    assert pairs["exact_raw"] < pairs["exact_normalised"] < pairs["cascade"] < pairs["splink"]
    judged = cells(measure_quality(working_dir, truth=extracts.truth), QualityTopic.METHOD)["value"].unstack()
    assert judged.loc["splink", "recall"] == pytest.approx(scores.loc["all", "recall"])
    assert judged.loc["splink", "precision"] == pytest.approx(scores.loc["all", "precision"])
    assert judged.loc["exact_raw", "recall"] < 0.4 < judged.loc["cascade", "recall"]


def test_without_a_model_nothing_is_estimated(tmp_path):
    working_dir = tmp_path / "croisement"
    write_working_file(working_dir, generated(0.005))
    with pytest.raises(UserFacingError) as caught:
        measure_quality(working_dir)
    assert caught.value.code == "links_missing"
    link_records(working_dir, method=Method.CASCADE)
    assert not (working_dir / MODEL_FILE).exists()
    frame = measure_quality(working_dir)
    assert not {QualityTopic.FALSE_DROPOUT.value, QualityTopic.CALIBRATION.value} & set(frame["topic"])
    write_quality(working_dir, frame)
    assert read_recall(working_dir) == {}


def test_nothing_missed_in_a_small_sample_is_still_uncertain():
    masked = {Source.APPRENTICESHIP: MaskedSource(20, 20, 0, 0, 0, 0)}
    counts = SourceCounts(certain=0, by_model=100, doubtful=2, conflict=0, unlinked=10)
    own = estimate_recall(masked, Source.APPRENTICESHIP, counts)
    borrowed = estimate_recall(masked, Source.MISSION_LOCALE, counts)
    assert own.value == 1
    assert own.lower < 0.9
    assert borrowed.lower < 0.94 < borrowed.value < borrowed.upper < 1


def test_strays_lower_the_precision_of_a_base_that_many_are_not_in():
    masked = {Source.APPRENTICESHIP: MaskedSource(10_000, 9_900, 10, 50, 40, 20)}
    few, many = (
        estimate_precision(
            masked,
            {Source.MISSION_LOCALE: SourceCounts(0, 1_000, 0, 0, absent)},
        ).value
        for absent in (0, 1_000)
    )
    assert few == pytest.approx(1 - 10 / 9_910)
    assert many == pytest.approx(few - 0.002)
