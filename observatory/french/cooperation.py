"""Words of the inventory of cooperation: structures, levels of the scale, modalities and their states.

Levels are those of the Levels of Collaboration Scale (Frey, Lohmeier, Lee and Tollefson, 2006), put into
plain French so that two people looking at the same link would choose the same level.
"""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.cooperation import CooperationLevel, Modality, ModalityStatus, Partner
from observatory.french.texts import COOPERATION_LEVELS


@dataclass(frozen=True)
class PartnerWords:
    """A structure: full name, name of a column, and name inside a sentence, after « selon »."""

    label: str
    short: str
    in_sentence: str


PARTNERS = {
    Partner.ETABLISSEMENT_MGI: PartnerWords(
        "Établissements et mission générale d’insertion (MGI/MLDS)",
        "Établiss., MGI",
        "les établissements",
    ),
    Partner.CIO: PartnerWords("Centre d’information et d’orientation (CIO)", "CIO", "le CIO"),
    Partner.MISSION_LOCALE: PartnerWords("Mission locale", "Mission locale", "la mission locale"),
    Partner.PJJ: PartnerWords("Protection judiciaire de la jeunesse (PJJ)", "PJJ", "la PJJ"),
    Partner.REGION: PartnerWords("Région, formation et apprentissage", "Région", "la Région"),
    Partner.CFA: PartnerWords("Centres de formation d’apprentis (CFA)", "CFA", "les CFA"),
    Partner.ENSEIGNEMENT_AGRICOLE: PartnerWords(
        "Enseignement agricole", "Ens. agricole", "l’enseignement agricole"
    ),
}
PARTNER_SHORT_LABELS = tuple(PARTNERS[p].short for p in Partner)
"""Names of the lines and columns of the matrix, in the order of :class:`Partner`."""

LEVEL_LABELS = dict(zip(CooperationLevel, COOPERATION_LEVELS, strict=True))
LEVEL_DESCRIPTIONS = {
    CooperationLevel.NO_INTERACTION: "Aucun échange dans l’année.",
    CooperationLevel.NETWORKING: (
        "Chacune sait à qui s’adresser dans l’autre. Les rôles restent vagues, les échanges rares ; "
        "chacune décide seule."
    ),
    CooperationLevel.COOPERATION: (
        "Elles s’informent par une voie convenue : liste, courriel ou réunion. "
        "Les rôles sont à peu près définis ; chacune décide seule."
    ),
    CooperationLevel.COORDINATION: (
        "Elles partagent des informations et des moyens, dans des rôles définis, par des échanges fréquents. "
        "Certaines décisions sont prises ensemble."
    ),
    CooperationLevel.COALITION: (
        "Elles mettent en commun idées et moyens, par des échanges fréquents et prioritaires. "
        "Chacune a une voix dans toutes les décisions."
    ),
    CooperationLevel.COLLABORATION: (
        "Elles forment un seul dispositif : échanges continus, confiance réciproque, "
        "toutes les décisions par consensus."
    ),
}
SCALE_SOURCE = (
    "D’après l’échelle des niveaux de collaboration de Frey, Lohmeier, Lee et Tollefson (2006), "
    "adaptée en français pour l’observatoire."
)

MODALITY_LABELS = {
    Modality.IDENTIFICATION: "Repérage",
    Modality.INFORMATION_EXCHANGE: "Échange d’informations",
    Modality.RECEPTION_AND_POSITIONING: "Accueil, information, positionnement",
    Modality.SHARED_DIAGNOSIS: "Diagnostic partagé",
    Modality.RESPONSE_AND_SOLUTION: "Réponse et solution",
    Modality.SUPPORT_AND_FOLLOW_UP: "Accompagnement et suivi",
    Modality.HANDOVER: "Relais entre opérateurs",
    Modality.FACILITATION: "Animation, coanimation",
    Modality.SHARED_TOOLS: "Outils communs",
    Modality.PROFESSIONAL_DEVELOPMENT: "Professionnalisation",
    Modality.EVALUATION: "Évaluation",
}
STATUS_LABELS = {
    ModalityStatus.DONE: "fait",
    ModalityStatus.PARTIAL: "partiel",
    ModalityStatus.PLANNED: "programmé",
    ModalityStatus.NOT_DONE: "pas fait",
    ModalityStatus.NOT_REPORTED: "non renseigné",
    ModalityStatus.NOT_APPLICABLE: "sans objet",
}
STATUS_DESCRIPTIONS = {
    ModalityStatus.DONE: "en place dans tout le bassin",
    ModalityStatus.PARTIAL: "en place en partie : des lieux, des publics ou des étapes manquent",
    ModalityStatus.PLANNED: "décidé, pas encore commencé",
    ModalityStatus.NOT_DONE: "les structures disent que cela n’existe pas",
    ModalityStatus.NOT_REPORTED: "personne n’a répondu : on ne sait pas",
    ModalityStatus.NOT_APPLICABLE: "ne concerne pas ce bassin",
}
NO_RECORD = (
    "Aucun enregistrement : l’inventaire de la coopération est encore vide",
    "Chaque structure d’un bassin dira où en est son lien avec les six autres, de 0 à 5, et ce qui permet "
    "de le constater ; les onze modalités de la convention recevront un état daté, un pilote "
    "et une fréquence.",
    "Ces réponses seront saisies par la coordination du bassin, avant ou pendant la réunion. "
    "Tant qu’elles manquent, tout est « non renseigné », jamais « pas fait ».",
)
