"""What is said of a campaign and of its cross-matching: labels of the codes, sentences of the page."""

from __future__ import annotations

import re
from datetime import date
from typing import Protocol

from observatory.domain.campaign import (
    WEIGHT_BANDS,
    Edition,
    FindingKind,
    MatchingMethod,
    Source,
)
from observatory.french.extracts import REASONS, REPAIRS
from observatory.french.numbers import format_date, format_number, format_share, join_words
from observatory.french.sentences import capitalise


class CampaignNumber(Protocol):
    """A share with its bounds, whoever holds it."""

    @property
    def value(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...


TITLE = "Le croisement est-il fiable ?"
BANNER = (
    "**Données de démonstration** : les personnes, les extraits et cette campagne sont inventés ; "
    "le rapprochement, lui, a vraiment été calculé."
)
BANNER_SHORT = "**Données de démonstration** : cette campagne est inventée."
NO_CAMPAIGN = "Aucune campagne de croisement n’est encore publiée."
NO_CAMPAIGN_DETAIL = (
    "Les cinq bases ne sont rapprochées que sur le poste qui reçoit les extraits. La personne qui en est "
    "chargée y lance, dans l’ordre, les étapes suivantes ; cette page se remplit après la dernière."
)
STEPS = (
    ("python -m observatory.pipeline extracts", "lit et contrôle les cinq extraits"),
    ("python -m observatory.pipeline link", "rapproche les fiches d’une même personne"),
    ("python -m observatory.pipeline review", "fait trancher les paires douteuses"),
    ("python -m observatory.pipeline consolidate", "compte, par bassin, ce que les bases disent ensemble"),
    ("python -m observatory.pipeline publish", "cache ce qui doit l’être, puis publie ici"),
)
"""Commands that lead to a campaign, and what each does."""

SOURCE_LABELS = {
    Source.PUPILS: "Base élèves",
    Source.AFFECTATION: "Affectation",
    Source.APPRENTICESHIP: "Apprentissage",
    Source.AGRICULTURAL: "Enseignement agricole",
    Source.MISSION_LOCALE: "Missions locales",
}
SOURCE_SHORT = {**SOURCE_LABELS, Source.AGRICULTURAL: "Agricole"}
"""The bases on a drawing."""
SOURCE_OWNERS = {
    Source.PUPILS: "académies",
    Source.AFFECTATION: "académies",
    Source.APPRENTICESHIP: "Région",
    Source.AGRICULTURAL: "Draaf",
    Source.MISSION_LOCALE: "Parcours 3",
}
EDITION_LABELS = {Edition.PROVISIONAL: "provisoire", Edition.DEFINITIVE: "définitive"}
KIND_LABELS = {
    FindingKind.REFUSED: "ligne écartée",
    FindingKind.BLANKED: "cellule vidée",
    FindingKind.REPAIRED: "réparation",
}
METHOD_LABELS = {
    MatchingMethod.EXACT_RAW: "Nom, prénom et date identiques, tels qu’écrits",
    MatchingMethod.EXACT_NORMALISED: "Les mêmes, sans accents ni traits d’union",
    MatchingMethod.CASCADE: "Règles successives",
    MatchingMethod.SPLINK: "Rapprochement pondéré, retenu ici",
}
METHOD_NOTES = {
    MatchingMethod.EXACT_RAW: "l’usage des outils nationaux",
    MatchingMethod.SPLINK: "avec relecture des cas douteux",
}
BAND_LABELS = dict(
    zip(
        WEIGHT_BANDS,
        ("moins de 2", "de 2 à 4", "de 4 à 6", "de 6 à 8", "de 8 à 12", "de 12 à 16", "16 et plus"),
        strict=True,
    )
)
LINKED_FROM = 8
FIELD_LABELS = {
    "record_id": "identifiant",
    "ine": "INE",
    "nom": "nom",
    "nom_usage": "nom d’usage",
    "prenom": "prénom",
    "prenom2": "deuxième prénom",
    "prenom3": "troisième prénom",
    "sexe": "sexe",
    "date_naissance": "date de naissance",
    "commune_naissance": "commune de naissance",
    "commune_residence": "commune de résidence",
    "uai": "établissement",
    "current_uai": "établissement actuel",
    "origin_uai": "établissement d’origine",
    "affected_uai": "établissement d’affectation",
    "cfa_uai": "CFA",
    "level": "niveau",
    "asked_level": "niveau demandé",
    "diploma": "diplôme",
    "prepared_diploma": "diplôme préparé",
    "entered_on": "date d’entrée",
    "left_on": "date de sortie",
    "leaving_reason": "motif de sortie",
    "affected_on": "date d’affectation",
    "started_on": "début du contrat",
    "planned_end_on": "fin prévue du contrat",
    "broken_on": "rupture du contrat",
    "structure": "structure",
    "first_reception_on": "premier accueil",
    "last_contact_on": "dernier contact",
    "situation": "situation",
}
LEFT_OUT_LABELS = {
    "no_commune": "commune de résidence inconnue",
    "no_sex": "sexe inconnu",
    "marseille_not_split": "Marseille sans arrondissement",
    "out_of_region": "résidence hors de la région",
}
DEPARTEMENT_LABELS = {
    "04": "04",
    "05": "05",
    "06": "06",
    "13": "13",
    "83": "83",
    "84": "84",
    "other": "ailleurs",
}
CALIBRATION_NOTE = (
    "« Annoncé » est ce que le calcul croit de ses paires ; « observé », la part qui s’est révélée juste "
    "parmi celles qui ont été vérifiées. Sous un poids de 8, une paire n’est pas reliée sans relecture."
)
METHODS_NOTE = (
    "Lien juste : les deux fiches sont bien celles d’une même personne. Lien retrouvé : il fallait le faire, "
    "et il a été fait."
)
METHODS_UNJUDGED_NOTE = (
    "Sur des données réelles, les liens à faire ne sont pas connus : seul le nombre de liens compare les "
    "méthodes ; la justesse et la part retrouvée du rapprochement retenu sont estimées."
)
OVERLAP_NOTE = (
    "Une personne compte une fois, dans la combinaison des bases qui la connaissent. Une personne qu’une "
    "seule base connaît n’a pas d’autre fiche, ou son lien a été manqué."
)
DISAGREEMENT_NOTE = (
    "Fiches reliées dont un champ diffère de la base élèves : l’une des deux est à corriger à la source."
)
HIDDEN = "Ce que le croisement a relié n’est pas diffusé."


def honest_share(value: float, decimals: int = 0) -> str:
    """A share in percent that never says all or nothing of what is only nearly so.

    >>> honest_share(0.99997, 1), honest_share(1.0, 1), honest_share(0.00002, 1)
    ('plus de 99,9\\u202f%', '100,0\\u202f%', 'moins de 0,1\\u202f%')
    """
    step = 10.0 ** -(decimals + 2)
    if value < 1 and format_share(value, decimals) == format_share(1, decimals):
        return f"plus de {format_share(1 - step, decimals)}"
    if value > 0 and format_share(value, decimals) == format_share(0, decimals):
        return f"moins de {format_share(step, decimals)}"
    return format_share(value, decimals)


def share_bounds(lower: float | None, upper: float | None, decimals: int) -> str:
    """``de 94,3 à 99,1 %``; empty when a bound is not known, or when both read the same.

    >>> share_bounds(0.943, 0.991, 1), share_bounds(0.9999, 0.99999, 1)
    ('de 94,3 à 99,1\\u202f%', '')
    """
    if lower is None or upper is None or format_share(lower, decimals) == format_share(upper, decimals):
        return ""
    return f"de {format_number(lower * 100, decimals)} à {format_share(upper, decimals)}"


def campaign_label(campaign_code: str, edition: Edition) -> str:
    """``Campagne de novembre 2026 (provisoire)``.

    >>> campaign_label("2026-11", Edition.PROVISIONAL)
    'Campagne de novembre 2026 (provisoire)'
    """
    year, month = campaign_code.split("-")
    name = format_date(date(int(year), int(month), 2)).split(" ", 1)[1]
    of = "d’" if name[0] in "ao" else "de "
    return f"Campagne {of}{name} ({EDITION_LABELS[edition]})"


def version_words(label: str) -> str | None:
    """What the label of a data version that a campaign wrote says; None when it is not one.

    >>> version_words("campaign 2026-11 definitive")
    'Campagne de novembre 2026 (définitive)'
    """
    found = re.fullmatch(r"campaign (\d{4}-\d{2}) (provisional|definitive)", label)
    return campaign_label(found[1], Edition(found[2])) if found else None


_ALONE = {Source.PUPILS: "seule", Source.AFFECTATION: "seule", Source.MISSION_LOCALE: "seules"}


def combination_label(sources: tuple[Source, ...]) -> str:
    """The bases that know a person.

    >>> combination_label((Source.PUPILS,)), combination_label((Source.PUPILS, Source.AFFECTATION))
    ('Base élèves seule', 'Base élèves et affectation')
    """
    names = [SOURCE_LABELS[source] for source in sources]
    if len(names) == 1:
        return f"{names[0]} {_ALONE.get(sources[0], 'seul')}"
    return capitalise(join_words([names[0], *(name.lower() for name in names[1:])]))


def finding_words(kind: FindingKind, reason: str, field: str) -> str:
    """What was found in a cell or row, with its column."""
    if kind is FindingKind.REPAIRED:
        what = REPAIRS.get(reason, "autre réparation")
    else:
        what = REASONS.get(reason, ("autre motif", ""))[0]
    where = field_label(field) if field else ""
    return capitalise(f"{where} : {what}" if where else what)


def remedy_words(reason: str) -> str:
    """What the producer of an extract can do; what the author of its mapping can do is left out."""
    _, remedy = REASONS.get(reason, ("", "corrigez-le à la source"))
    return capitalise(re.split(", ou (?:complétez|ajoutez)", remedy)[0])


def field_label(field: str) -> str:
    """A field of an extract in words."""
    return FIELD_LABELS.get(field, "autre champ")


def disagreement_words(field: str) -> str:
    """A field of linked records that contradicts the pupil base."""
    return f"{capitalise(field_label(field))} : diffère de la base élèves"


def disagreement_remedy(field: str) -> str:
    """What to do of such a contradiction; an address may only have changed."""
    if field == "commune_residence":
        return "Un déménagement est possible : gardez l’adresse la plus récente"
    return "Vérifiez auprès du jeune, puis corrigez la base qui a tort"


def left_out_label(reason: str) -> str:
    """Why a person takes part in no figure."""
    return capitalise(LEFT_OUT_LABELS.get(reason, "autre motif"))


def matched_sentence(read: float | None, others: float | None, linked: float | None) -> str:
    """What was matched: rows read in all, rows of the four other bases, and those that found somebody."""
    if read is None or not others or linked is None:
        return HIDDEN
    return (
        f"Cinq bases, {format_number(read)} fiches lues : sur les {format_number(others)} fiches des quatre "
        f"bases rapprochées de la base élèves, {format_share(linked / others)} ont retrouvé une autre fiche "
        "de la même personne."
    )


def sure_sentence(
    precision: CampaignNumber | None,
    is_unreviewed: bool,
    recall: tuple[float, float | None] | None,
    exact_links: float | None,
) -> str:
    """How sure the links are: right ones with bounds, found ones, and what identical names would have done.

    ``exact_links``: links that identical names make, beside ours; told when the truth is not known.
    """
    parts = []
    if precision is not None and precision.value is not None:
        of = "liens faits sans relecture" if is_unreviewed else "liens faits"
        bounds = share_bounds(precision.lower, precision.upper, 1)
        between = f" ({bounds})" if bounds else ""
        parts.append(f"{honest_share(precision.value, 1)} des {of} sont justes{between}")
    if recall is not None:
        ours, exact = recall
        than = "" if exact is None else f", contre {format_share(exact, 1)} par les noms identiques"
        parts.append(f"le rapprochement retrouve {honest_share(ours, 1)} des liens à faire{than}")
    if (recall is None or recall[1] is None) and exact_links is not None:
        parts.append(f"les noms identiques seuls n’en font que {format_share(exact_links)}")
    if not parts:
        return "La justesse des liens n’a pas pu être mesurée : aucune paire n’a été vérifiée."
    return f"{capitalise(' ; '.join(parts))}."


def false_dropout_sentence(
    persons: float | None, lower: float | None, upper: float | None, share: float | None
) -> str:
    """What missed links change: young people counted without solution who are known elsewhere."""
    if persons is None:
        return "Le nombre de jeunes comptés à tort sans solution, faute d’un lien, n’est pas diffusé."
    of_all = "" if share is None else f", soit {honest_share(share, 1)} de ceux qui le sont"
    young, are = ("jeune", "est compté") if persons < 2 else ("jeunes", "sont comptés")
    return (
        f"Faute d’un lien, environ {format_number(persons)} {young}{_count_bounds(lower, upper)} {are} "
        f"à tort sans solution{of_all} : {_ACCOUNTED}"
    )


def missed_sentence(
    persons: float | None, lower: float | None, upper: float | None, share: float | None
) -> str:
    """What missed links change, from the records of the missions locales that did not find their pupil."""
    if persons is None:
        return "Le nombre de jeunes comptés à tort sans suivi, faute d’un lien, n’est pas diffusé."
    of_all = "" if share is None else f", soit {honest_share(share, 1)}"
    return (
        f"Environ {format_number(persons)} fiches de missions locales{_count_bounds(lower, upper)} n’ont pas "
        f"retrouvé leur élève{of_all} : autant de jeunes qui peuvent être comptés à tort sans suivi. "
        f"{capitalise(_ACCOUNTED)}"
    )


_ACCOUNTED = "l’intervalle des chiffres par bassin en tient compte."


def _count_bounds(lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return ""
    return f" (de {format_number(lower)} à {format_number(upper)})"


def review_sentence(pairs: float | None, decided: float | None) -> str:
    """How many doubtful pairs wait, and how many somebody has decided."""
    if pairs is None:
        return "Le nombre de paires douteuses n’est pas diffusé."
    done = f" ; {format_number(decided)} ont déjà été tranchées" if decided else ""
    if pairs == 0:
        return f"Aucune paire douteuse n’attend de décision{done}."
    return (
        f"{format_number(pairs)} fiches attendent qu’une personne tranche : elles ne sont pas reliées "
        f"d’ici là{done}."
    )


def dates_sentence(reference_on: date, published_on: date) -> str:
    """When the situations were, and when they were published."""
    return f"Situations au {format_date(reference_on)}, publiées le {format_date(published_on)}."
