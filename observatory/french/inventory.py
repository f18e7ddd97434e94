"""Words of the inventory: its records, its fields, its choices, and what happened to them."""

from __future__ import annotations

from datetime import date

from observatory.domain.cooperation import Modality, Partner
from observatory.domain.inventory import (
    ActionEffect,
    ActionState,
    DiagnosisPart,
    FacilitationMode,
    FieldKey,
    FrameworkState,
    RecordKind,
    ResourceNature,
    split_rating_key,
)
from observatory.french.cooperation import LEVEL_LABELS, MODALITY_LABELS, PARTNERS, STATUS_LABELS
from observatory.french.numbers import format_date

KIND_LABELS = {
    RecordKind.RATING: "Lien entre deux structures",
    RecordKind.MODALITY: "Modalité",
    RecordKind.RESOURCE: "Ressource du bassin",
    RecordKind.DIAGNOSIS: "Diagnostic partagé",
    RecordKind.ACTION: "Action",
    RecordKind.REPLY: "Réponse d’une structure",
    RecordKind.FRAMEWORK: "Cadre méthodologique",
}

FIELD_LABELS: dict[tuple[RecordKind, str], str] = {
    (RecordKind.RATING, "level"): "Niveau",
    (RecordKind.RATING, "evidence"): "Ce qui l’appuie",
    (RecordKind.RATING, "rated_by"): "Dit par",
    (RecordKind.RATING, "rated_on"): "Le",
    (RecordKind.MODALITY, "status"): "État",
    (RecordKind.MODALITY, "description"): "Ce qui est en place",
    (RecordKind.MODALITY, "instance"): "Instance",
    (RecordKind.MODALITY, "frequency"): "Fréquence",
    (RecordKind.MODALITY, "pilot"): "Pilote",
    (RecordKind.MODALITY, "co_pilot"): "Copilote",
    (RecordKind.MODALITY, "facilitation"): "Animation",
    (RecordKind.MODALITY, "participants"): "Participants",
    (RecordKind.MODALITY, "tools"): "Outils utilisés",
    (RecordKind.MODALITY, "evidence"): "Éléments de preuve",
    (RecordKind.MODALITY, "evidence_link"): "Lien vers une preuve",
    (RecordKind.MODALITY, "attachments"): "Pièces jointes",
    (RecordKind.MODALITY, "since_on"): "Depuis le",
    (RecordKind.MODALITY, "next_step"): "Prochaine étape",
    (RecordKind.MODALITY, "difficulty"): "Difficulté",
    (RecordKind.RESOURCE, "label"): "Nom",
    (RecordKind.RESOURCE, "nature"): "Nature",
    (RecordKind.RESOURCE, "structure"): "Structure",
    (RecordKind.RESOURCE, "contact"): "Contact du service",
    (RecordKind.RESOURCE, "capacity"): "Capacité",
    (RecordKind.RESOURCE, "public"): "Public",
    (RecordKind.RESOURCE, "place"): "Lieu",
    (RecordKind.RESOURCE, "removed"): "Retirée",
    (RecordKind.DIAGNOSIS, "text"): "Texte",
    (RecordKind.ACTION, "finding"): "Constat",
    (RecordKind.ACTION, "action"): "Action",
    (RecordKind.ACTION, "pilot"): "Pilote",
    (RecordKind.ACTION, "due_on"): "Échéance",
    (RecordKind.ACTION, "indicator"): "Indicateur visé",
    (RecordKind.ACTION, "expected_effect"): "Effet attendu",
    (RecordKind.ACTION, "modality"): "Modalité",
    (RecordKind.ACTION, "state"): "Où elle en est",
    (RecordKind.ACTION, "effect"): "Effet constaté",
    (RecordKind.ACTION, "effect_seen"): "Ce que l’on constate",
    (RecordKind.ACTION, "blocking_condition"): "Ce qui bloque",
    (RecordKind.ACTION, "removed"): "Retirée",
    (RecordKind.REPLY, "text"): "Réponse",
    (RecordKind.REPLY, "removed"): "Retirée",
    (RecordKind.FRAMEWORK, "shared_points"): "Ce que font en commun les bassins où c’est en place",
    (RecordKind.FRAMEWORK, "practice"): "Pratique proposée",
    (RecordKind.FRAMEWORK, "adopters"): "Qui l’adopte",
    (RecordKind.FRAMEWORK, "due_on"): "Pour le",
    (RecordKind.FRAMEWORK, "state"): "État",
}

DIAGNOSIS_LABELS = {
    DiagnosisPart.NEEDS: "Besoins des publics",
    DiagnosisPart.CAUSES: "Causes observées",
    DiagnosisPart.SHARED_READING: "Lecture partagée",
}
FACILITATION_LABELS = {
    FacilitationMode.ANIMATION: "animation par une structure",
    FacilitationMode.COANIMATION: "coanimation",
}
NATURE_LABELS = {
    ResourceNature.ACTOR: "acteur",
    ResourceNature.TOOL: "outil",
    ResourceNature.ACTION: "action mobilisable",
}
ACTION_STATE_LABELS = {
    ActionState.OPEN: "en cours",
    ActionState.KEPT: "tenue",
    ActionState.LATE: "en retard",
    ActionState.DROPPED: "abandonnée",
}
ACTION_EFFECT_LABELS = {
    ActionEffect.SEEN: "effet constaté",
    ActionEffect.NOT_SEEN: "pas d’effet constaté",
    ActionEffect.TOO_EARLY: "trop tôt pour le dire",
}
FRAMEWORK_STATE_LABELS = {
    FrameworkState.DRAFT: "brouillon",
    FrameworkState.PROPOSED: "proposée",
    FrameworkState.ADOPTED: "adoptée",
}
CAUSE_LABELS = {
    "edit": "saisie",
    "import": "import d’un fichier",
    "undo": "annulation",
    "choice": "choix entre deux valeurs",
    "migration": "reprise",
    "demonstration": "démonstration",
}
NOT_REPORTED = "non renseigné"
SAVED = "Enregistré."
NOTHING_SAVED = "Rien n’a été enregistré. {why}"
UNDONE = "Dernière saisie annulée."
NOTHING_TO_UNDO = "Rien à annuler dans ce bassin."
CHOSEN = "Choix enregistré."
HIDDEN_RECORD = (
    "La fiche inventée « {what} » a été retirée : ses autres réponses inventées ne sont plus affichées, "
    "« non renseigné » les remplace."
)
HIDDEN_RECORDS = (
    "{count} fiches inventées ont été retirées : leurs autres réponses inventées ne sont plus affichées, "
    "« non renseigné » les remplace."
)
CHANGED_AGAIN = "La valeur en place a encore changé : relisez les deux, puis choisissez."
WHO_FIRST = "Dites d’abord qui vous êtes : le bouton est en haut de la page."
CONFLICT_NOTED = (
    "Quelqu’un a changé la même ligne pendant votre saisie ({count} valeur à départager). Rien n’est perdu : "
    "les deux valeurs sont sous « À départager »."
)

CONFLICT_IN_IMPORT = (
    "Quelqu’un a changé les mêmes lignes depuis que ce fichier a été téléchargé "
    "({count} valeur à départager). Rien n’est perdu : les deux valeurs sont sous « À départager »."
)

CHOICE_LABELS: dict[tuple[RecordKind, str], dict[str, str]] = {
    (RecordKind.RATING, "level"): {str(int(k)): f"{int(k)} – {v}" for k, v in LEVEL_LABELS.items()},
    (RecordKind.MODALITY, "status"): {k.value: v for k, v in STATUS_LABELS.items()},
    (RecordKind.MODALITY, "facilitation"): {k.value: v for k, v in FACILITATION_LABELS.items()},
    (RecordKind.RESOURCE, "nature"): {k.value: v for k, v in NATURE_LABELS.items()},
    (RecordKind.RESOURCE, "removed"): {"1": "oui"},
    (RecordKind.ACTION, "modality"): {k.value: v for k, v in MODALITY_LABELS.items()},
    (RecordKind.ACTION, "state"): {k.value: v for k, v in ACTION_STATE_LABELS.items()},
    (RecordKind.ACTION, "effect"): {k.value: v for k, v in ACTION_EFFECT_LABELS.items()},
    (RecordKind.ACTION, "removed"): {"1": "oui"},
    (RecordKind.REPLY, "removed"): {"1": "oui"},
    (RecordKind.FRAMEWORK, "state"): {k.value: v for k, v in FRAMEWORK_STATE_LABELS.items()},
}
"""Word of each code of each field that is a choice."""


def field_label(key: FieldKey) -> str:
    """Name of a field."""
    return FIELD_LABELS[key.kind, key.field]


def record_label(key: FieldKey) -> str:
    """What the record is about, in words; a resource or an action is named by its own text elsewhere.

    >>> record_label(FieldKey("AM01", RecordKind.RATING, "cio>pjj", "level"))
    'CIO à propos de PJJ'
    """
    match key.kind:
        case RecordKind.RATING:
            first, second = split_rating_key(key.record_key)
            return f"{PARTNERS[first].short} à propos de {PARTNERS[second].short}"
        case RecordKind.MODALITY | RecordKind.FRAMEWORK:
            return MODALITY_LABELS[Modality(key.record_key)]
        case RecordKind.DIAGNOSIS:
            return DIAGNOSIS_LABELS[DiagnosisPart(key.record_key)]
        case RecordKind.REPLY:
            partner, _, modality = key.record_key.partition(">")
            return f"{PARTNERS[Partner(partner)].short}, {MODALITY_LABELS[Modality(modality)].lower()}"
        case _:
            return KIND_LABELS[key.kind]


def value_text(key: FieldKey, value: str) -> str:
    """A value as a person reads it; the empty one is "non renseigné".

    >>> value_text(FieldKey("AM01", RecordKind.MODALITY, "handover", "status"), "")
    'non renseigné'
    """
    if not value:
        return NOT_REPORTED
    words = CHOICE_LABELS.get((key.kind, key.field))
    if words is not None:
        return words.get(value, value)
    if key.field.endswith("_on"):
        return format_date(date.fromisoformat(value))
    return value
