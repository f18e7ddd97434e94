"""Step ``demonstration``: an invented inventory of the cooperation, so that its pages can be shown.

Plausible, unequal from one basin to the next, naming no person and judging nobody. Each draw depends on its
own words alone (not on a sequence), so that the same bytes come out on every machine and version of Python.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from observatory.config import Settings
from observatory.domain.cooperation import Modality, ModalityStatus, Partner
from observatory.domain.territory import Basin, load_basins
from observatory.errors import DataFileError
from observatory.pipeline.findings import StepNote

SEED = "2029"
INVENTORY_COLUMNS = ("changed_on", "actor_structure", "area_code", "kind", "record_key", "field", "value")
SNAPSHOT_COLUMNS = ("name", "frozen_on")
_RATING_FIELDS = ("level", "rated_on", "rated_by", "evidence")
_MODALITY_FIELDS = ("status", "description", "pilot", "frequency", "next_step", "since_on")
_FIRST_MEETING = date(2025, 11, 3)

# How close two structures usually work (0-5), before what is proper to each basin.
_USUAL_LEVEL: dict[frozenset[Partner], float] = {
    frozenset(pair): level
    for pair, level in (
        ((Partner.ETABLISSEMENT_MGI, Partner.CIO), 3.9),
        ((Partner.ETABLISSEMENT_MGI, Partner.MISSION_LOCALE), 3.0),
        ((Partner.ETABLISSEMENT_MGI, Partner.PJJ), 1.6),
        ((Partner.ETABLISSEMENT_MGI, Partner.REGION), 1.8),
        ((Partner.ETABLISSEMENT_MGI, Partner.CFA), 2.0),
        ((Partner.ETABLISSEMENT_MGI, Partner.ENSEIGNEMENT_AGRICOLE), 1.4),
        ((Partner.CIO, Partner.MISSION_LOCALE), 3.2),
        ((Partner.CIO, Partner.PJJ), 1.7),
        ((Partner.CIO, Partner.REGION), 2.1),
        ((Partner.CIO, Partner.CFA), 1.9),
        ((Partner.CIO, Partner.ENSEIGNEMENT_AGRICOLE), 1.5),
        ((Partner.MISSION_LOCALE, Partner.PJJ), 2.4),
        ((Partner.MISSION_LOCALE, Partner.REGION), 3.1),
        ((Partner.MISSION_LOCALE, Partner.CFA), 2.5),
        ((Partner.MISSION_LOCALE, Partner.ENSEIGNEMENT_AGRICOLE), 1.3),
        ((Partner.PJJ, Partner.REGION), 1.1),
        ((Partner.PJJ, Partner.CFA), 1.0),
        ((Partner.PJJ, Partner.ENSEIGNEMENT_AGRICOLE), 0.6),
        ((Partner.REGION, Partner.CFA), 3.0),
        ((Partner.REGION, Partner.ENSEIGNEMENT_AGRICOLE), 2.0),
        ((Partner.CFA, Partner.ENSEIGNEMENT_AGRICOLE), 1.8),
    )
}

_RATED_BY = {
    Partner.ETABLISSEMENT_MGI: "Coordination MLDS du bassin",
    Partner.CIO: "Direction du CIO",
    Partner.MISSION_LOCALE: "Direction de la mission locale",
    Partner.PJJ: "Unité éducative de milieu ouvert",
    Partner.REGION: "Référence territoriale formation",
    Partner.CFA: "Service développement du CFA",
    Partner.ENSEIGNEMENT_AGRICOLE: "Vie scolaire du lycée agricole",
}

# What one could see, by level of the scale.
_EVIDENCE: tuple[tuple[str, ...], ...] = (
    ("Aucun contact cette année", "Nous ne savons pas à qui nous adresser"),
    (
        "Quelques appels, au cas par cas",
        "Nous nous croisons aux réunions de l’observatoire",
        "Les coordonnées ont été échangées, sans suite régulière",
    ),
    (
        "Liste des jeunes échangée à la rentrée et en février",
        "Informations transmises par courriel quand une situation l’exige",
        "Participation aux forums de l’autre structure",
    ),
    (
        "Réunion commune chaque trimestre, avec un compte rendu",
        "Fiche de liaison remplie à chaque passage de relais",
        "Permanence sur place une demi-journée par mois",
    ),
    (
        "Convention signée, avec un point de suivi tous les deux mois",
        "Rendez-vous à trois avec le jeune avant tout changement de structure",
        "Tableau de suivi tenu à deux",
    ),
    (
        "Accueil commun dans les mêmes locaux, décisions prises ensemble",
        "Équipe mixte qui suit les mêmes jeunes du signalement à la solution",
    ),
)

_PILOTS = {
    Modality.IDENTIFICATION: ("Plateforme de suivi et d’appui aux décrocheurs", "CIO"),
    Modality.INFORMATION_EXCHANGE: ("CIO", "Plateforme de suivi et d’appui aux décrocheurs"),
    Modality.RECEPTION_AND_POSITIONING: ("Coordination MLDS", "Mission locale"),
    Modality.SHARED_DIAGNOSIS: ("Coordination du bassin", "CIO"),
    Modality.RESPONSE_AND_SOLUTION: ("Mission locale", "Réseau FOQUALE"),
    Modality.SUPPORT_AND_FOLLOW_UP: ("Mission locale", "Coordination MLDS"),
    Modality.HANDOVER: ("Mission locale", "CIO"),
    Modality.FACILITATION: ("Coordination du bassin", "CIO et mission locale"),
    Modality.SHARED_TOOLS: ("Plateforme de suivi et d’appui aux décrocheurs", "Coordination du bassin"),
    Modality.PROFESSIONAL_DEVELOPMENT: ("Coordination MLDS", "Mission locale"),
    Modality.EVALUATION: ("Coordination du bassin", "Mission locale"),
}

_FREQUENCIES = {
    Modality.IDENTIFICATION: ("toutes les semaines", "tous les mois"),
    Modality.INFORMATION_EXCHANGE: ("trois fois par an", "tous les mois"),
    Modality.RECEPTION_AND_POSITIONING: ("toutes les semaines", "à la demande"),
    Modality.SHARED_DIAGNOSIS: ("deux fois par an", "une fois par an"),
    Modality.RESPONSE_AND_SOLUTION: ("tous les mois", "tous les trimestres"),
    Modality.SUPPORT_AND_FOLLOW_UP: ("tous les quinze jours", "tous les mois"),
    Modality.HANDOVER: ("à chaque changement de structure", "à la demande"),
    Modality.FACILITATION: ("tous les trimestres", "trois fois par an"),
    Modality.SHARED_TOOLS: ("mise à jour tous les mois", "mise à jour à chaque rentrée"),
    Modality.PROFESSIONAL_DEVELOPMENT: ("une journée par an", "deux demi-journées par an"),
    Modality.EVALUATION: ("une fois par an", "après chaque campagne"),
}

_DONE = {
    Modality.IDENTIFICATION: (
        "Les absences de plus de quatre demi-journées sont signalées à la cellule du bassin dans la semaine.",
        "Chaque lycée réunit son groupe de prévention du décrochage, et la liste remonte au CIO.",
        "Les jeunes sans inscription à la rentrée sont appelés un par un en septembre et octobre.",
    ),
    Modality.INFORMATION_EXCHANGE: (
        "Les listes du système interministériel sont croisées avec celles de la mission locale "
        "à chaque campagne.",
        "Un correspondant par structure répond dans les cinq jours à toute demande sur un jeune.",
        "Le CFA signale les ruptures de contrat au CIO et à la mission locale sous dix jours.",
    ),
    Modality.RECEPTION_AND_POSITIONING: (
        "Un entretien de situation à deux voix, CIO et mission locale, est proposé dans les quinze jours.",
        "Une permanence commune reçoit les jeunes le mercredi après-midi, sans rendez-vous.",
        "Deux journées de positionnement ouvrent chaque entrée dans un parcours de la MLDS.",
    ),
    Modality.SHARED_DIAGNOSIS: (
        "Une note validée par toutes les structures décrit les sorties par filière et par commune.",
        "Les chiffres des missions locales et des établissements sont lus ensemble en novembre et en mai.",
    ),
    Modality.RESPONSE_AND_SOLUTION: (
        "L’offre du bassin tient dans un tableau : places vacantes, rentrées décalées, E2C, apprentissage.",
        "Une commission mensuelle propose une solution à chaque jeune, avec une date d’entrée.",
        "Les places restées libres en voie professionnelle sont rouvertes en novembre et en janvier.",
    ),
    Modality.SUPPORT_AND_FOLLOW_UP: (
        "Un référent unique suit le jeune jusqu’à six mois après son entrée dans la solution.",
        "Un point à quinze jours, un mois et trois mois est noté dans le dossier commun.",
    ),
    Modality.HANDOVER: (
        "Le rendez-vous de relais se tient à trois, et la fiche de liaison est signée par le jeune.",
        "Aucune sortie n’est close avant que la structure suivante ait confirmé le premier rendez-vous.",
        "La PJJ et la mission locale préparent ensemble chaque fin de mesure, deux mois à l’avance.",
    ),
    Modality.FACILITATION: (
        "L’observatoire se réunit chaque trimestre, animé tour à tour par le CIO et la mission locale.",
        "Ordre du jour et relevé de décisions circulent dans la semaine, avec un responsable par action.",
    ),
    Modality.SHARED_TOOLS: (
        "Une fiche de liaison unique a remplacé celles des différentes structures.",
        "Un annuaire des interlocuteurs, tenu à jour, est ouvert à toutes les équipes.",
        "Le tableau de suivi partagé se limite aux champs convenus et aux seules personnes habilitées.",
    ),
    Modality.PROFESSIONAL_DEVELOPMENT: (
        "Une journée commune réunit chaque année conseillers, coordinateurs et éducateurs.",
        "Les nouveaux arrivants passent une journée dans chacune des autres structures.",
    ),
    Modality.EVALUATION: (
        "Les suites données aux signalements sont comptées et discutées à la réunion de juin.",
        "Un court questionnaire est proposé aux jeunes trois mois après le relais.",
    ),
}

_PARTIAL = {
    Modality.IDENTIFICATION: (
        "Le signalement fonctionne avec les lycées publics, pas encore avec les CFA.",
        "Les appels de rentrée sont faits, mais les départs en cours d’année échappent au repérage.",
    ),
    Modality.INFORMATION_EXCHANGE: (
        "Les listes sont échangées une fois par an, trop tard pour les départs de l’automne.",
        "L’échange passe par des contacts personnels, sans cadre écrit.",
    ),
    Modality.RECEPTION_AND_POSITIONING: (
        "L’entretien commun existe dans la ville centre seulement.",
        "Les délais dépassent un mois au printemps.",
    ),
    Modality.SHARED_DIAGNOSIS: (
        "Un diagnostic a été écrit, sans les données de l’apprentissage.",
        "Les constats sont partagés à l’oral, sans document commun.",
    ),
    Modality.RESPONSE_AND_SOLUTION: (
        "Les solutions sont connues de chaque structure, sans vue d’ensemble des places.",
        "La commission se réunit, mais seulement à la rentrée.",
    ),
    Modality.SUPPORT_AND_FOLLOW_UP: (
        "Le suivi s’arrête souvent à l’entrée dans la solution.",
        "Le référent est désigné, sans point prévu après trois mois.",
    ),
    Modality.HANDOVER: (
        "La fiche de liaison existe, elle est remplie environ une fois sur deux.",
        "Le relais est annoncé par courriel, sans rencontre avec le jeune.",
    ),
    Modality.FACILITATION: (
        "Deux réunions sur les quatre prévues ont eu lieu.",
        "Les réunions se tiennent, sans relevé de décisions.",
    ),
    Modality.SHARED_TOOLS: (
        "L’annuaire date de la rentrée précédente.",
        "Chaque structure garde sa fiche, une trame commune est à l’essai.",
    ),
    Modality.PROFESSIONAL_DEVELOPMENT: (
        "La formation commune a réuni le CIO et la MLDS, pas les autres structures.",
        "Une demi-journée a été organisée à la suite d’une demande des équipes.",
    ),
    Modality.EVALUATION: (
        "Les signalements sont comptés, leurs suites ne le sont pas encore.",
        "Un bilan est fait par structure, sans lecture commune.",
    ),
}

_NEXT_STEPS = {
    Modality.IDENTIFICATION: ("Étendre le signalement aux CFA", "Désigner un correspondant par lycée"),
    Modality.INFORMATION_EXCHANGE: (
        "Écrire le circuit sur une page",
        "Avancer l’échange des listes à octobre",
    ),
    Modality.RECEPTION_AND_POSITIONING: ("Ouvrir une seconde permanence", "Fixer un délai commun"),
    Modality.SHARED_DIAGNOSIS: ("Ajouter les données de l’apprentissage", "Rédiger une note de deux pages"),
    Modality.RESPONSE_AND_SOLUTION: ("Tenir à jour les places vacantes", "Réunir la commission en janvier"),
    Modality.SUPPORT_AND_FOLLOW_UP: ("Prévoir un point à six mois", "Nommer un référent par jeune"),
    Modality.HANDOVER: ("Généraliser la fiche de liaison", "Tenir le rendez-vous de relais à trois"),
    Modality.FACILITATION: ("Fixer les dates de l’année", "Rendre compte des décisions à chaque réunion"),
    Modality.SHARED_TOOLS: ("Adopter une fiche unique", "Mettre l’annuaire à jour"),
    Modality.PROFESSIONAL_DEVELOPMENT: ("Proposer une journée commune", "Inviter la PJJ et les CFA"),
    Modality.EVALUATION: ("Compter les suites des signalements", "Interroger les jeunes à trois mois"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No argument: the seed is part of the program, so that the files can be checked."""


def run_step(args: argparse.Namespace, settings: Settings) -> tuple[StepNote, ...]:  # noqa: ARG001
    """Write both files of ``data/demonstration``; ``file_not_writable`` when it cannot be done."""
    folder = settings.data_dir / "demonstration"
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in demonstration_files(load_basins(settings.data_dir)).items():
            path = folder / name
            new = path.with_suffix(".new")
            new.write_bytes(content)
            new.replace(path)
    except OSError as error:
        raise DataFileError("file_not_writable", path=path.name) from error
    return ()


def demonstration_files(basins: Mapping[str, Basin]) -> dict[str, bytes]:
    """Content of each file by name, for these basins: UTF-8, LF, sorted by key."""
    codes = sorted(basins)
    ratings = [row for code in codes for row in _ratings(code, _reported_share(code, codes))]
    modalities = [row for code in codes for row in _modalities(code, _reported_share(code, codes))]
    changes: list[tuple[str, ...]] = []
    for area, giver, other, *cells in ratings:
        for name, value in zip(_RATING_FIELDS, cells, strict=True):
            if value:
                changes.append((cells[1], cells[2], area, "rating", f"{giver}>{other}", name, value))
    for area, modality, *cells, updated_on in modalities:
        for name, value in zip(_MODALITY_FIELDS, cells, strict=True):
            if value and value != ModalityStatus.NOT_REPORTED:
                changes.append(
                    (updated_on, "Coordination du bassin", area, "modality", modality, name, value)
                )
    return {
        "inventory.csv": _csv_bytes(INVENTORY_COLUMNS, sorted(changes)),
        "snapshots.csv": _csv_bytes(SNAPSHOT_COLUMNS, []),
    }


def _draw(*words: str) -> float:
    """A number in [0, 1) that depends on these words only."""
    digest = hashlib.sha256("|".join((SEED, *words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _choose(options: Sequence[str], *words: str) -> str:
    return options[int(_draw("choose", *words) * len(options))]


def _reported_share(code: str, codes: Sequence[str]) -> float:
    """How much a basin reported: one nothing, a few hardly anything, a few all, the others in between."""
    order = sorted(codes, key=lambda other: _draw("reported", other))
    position = order.index(code) / max(len(codes) - 1, 1)
    if position == 0:
        return -1.0
    if position < 0.14:
        return 0.02 + 0.08 * position / 0.14
    if position > 0.8:
        return 1.0
    return 0.3 + 0.65 * (position - 0.14) / 0.66


def _practice(code: str) -> float:
    """How far cooperation went in a basin, from -1 to 1; says nothing of how much it reported."""
    return 2 * _draw("practice", code) - 1


def _meeting(code: str) -> date:
    """Day on which the basin filled its inventory: a working day of its school year."""
    day = _FIRST_MEETING + timedelta(days=int(_draw("meeting", code) * 210))
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _ratings(code: str, reported: float) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for giver in Partner:
        # A structure that was not in the room gives none of its six ratings.
        was_there = _draw("present", code, giver) < reported + 0.15
        rated_on = _meeting(code) + timedelta(days=7 * int(_draw("late", code, giver) * 3))
        for other in Partner:
            if other is giver or (reported < 1 and not was_there):
                continue
            words = (code, giver.value, other.value)
            if reported < 1 and _draw("rated", *words) >= reported + 0.1:
                # Asked and left blank, or not even asked: neither is a zero.
                if reported > 0.3 and _draw("blank", *words) < 0.3:
                    rows.append((*words, "", "", "", ""))
                continue
            level = _level(code, giver, other)
            evidence = _choose(_EVIDENCE[level], "evidence", *words) if _draw("says", *words) < 0.55 else ""
            rows.append((*words, str(level), rated_on.isoformat(), _RATED_BY[giver], evidence))
    return rows


def _level(code: str, giver: Partner, other: Partner) -> int:
    pair = "+".join(sorted((giver.value, other.value)))
    shared = _USUAL_LEVEL[frozenset((giver, other))] + 1.1 * _practice(code)
    shared += 1.6 * (_draw("pair", code, pair) - 0.5)
    # Most pairs see their work alike; about one in eight does not, and its two views drift apart.
    drift = 1.3 if _draw("apart", code, pair) < 0.13 else 0.35
    leans = 1 if (giver.value < other.value) == (_draw("leans", code, pair) < 0.5) else -1
    own = drift * leans + 0.5 * (_draw("own", code, giver, other) - 0.5)
    return min(max(round(shared + own), 0), 5)


def _modalities(code: str, reported: float) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for modality in Modality:
        words = (code, modality.value)
        if reported < 1 and _draw("modality", *words) >= reported + 0.05:
            if reported > 0.25:
                rows.append((*words, ModalityStatus.NOT_REPORTED.value, *("",) * 6))
            continue
        rows.append((*words, *_modality_cells(code, modality, _status(code, modality))))
    return rows


def _status(code: str, modality: Modality) -> ModalityStatus:
    # Tools, training and evaluation usually come after the rest.
    late = {Modality.SHARED_TOOLS, Modality.PROFESSIONAL_DEVELOPMENT, Modality.EVALUATION}
    score = _draw("status", code, modality) + 0.25 * _practice(code) - (0.18 if modality in late else 0)
    if modality is Modality.PROFESSIONAL_DEVELOPMENT and _draw("without object", code) < 0.06:
        return ModalityStatus.NOT_APPLICABLE
    if score > 0.58:
        return ModalityStatus.DONE
    if score > 0.3:
        return ModalityStatus.PARTIAL
    return ModalityStatus.PLANNED if score > 0.12 else ModalityStatus.NOT_DONE


def _modality_cells(code: str, modality: Modality, status: ModalityStatus) -> tuple[str, ...]:
    """Cells after the key: status, description, pilot, frequency, next step, since, updated."""
    words = (code, modality.value)
    updated = _meeting(code).isoformat()
    next_step = _choose(_NEXT_STEPS[modality], "next", *words)
    if status in {ModalityStatus.DONE, ModalityStatus.PARTIAL}:
        is_done = status is ModalityStatus.DONE
        description = _choose((_DONE if is_done else _PARTIAL)[modality], "description", *words)
        pilot = _choose(_PILOTS[modality], "pilot", *words)
        frequency = _choose(_FREQUENCIES[modality], "frequency", *words)
        start = date(
            2019 + int(_draw("since", *words) * 6), (9, 10, 1, 3)[int(_draw("month", *words) * 4)], 1
        )
        has_next = not is_done or _draw("has next", *words) < 0.4
        return (
            status.value,
            description,
            pilot,
            frequency,
            next_step if has_next else "",
            start.isoformat(),
            updated,
        )
    if status is ModalityStatus.PLANNED:
        pilot = _choose(_PILOTS[modality], "pilot", *words)
        return status.value, "", pilot, "", next_step, "", updated
    return status.value, "", "", "", "", "", updated


def _csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")
