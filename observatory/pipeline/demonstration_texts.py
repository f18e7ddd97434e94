"""Words of the invented inventory (:mod:`observatory.pipeline.demonstration`): no person and no address.

A contact is a service of a structure. What is said of a basin is drawn from these lists and says nothing of
the real one.
"""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.cooperation import Modality, Partner

RATED_BY = {
    Partner.ETABLISSEMENT_MGI: "Coordination MLDS du bassin",
    Partner.CIO: "Direction du CIO",
    Partner.MISSION_LOCALE: "Direction de la mission locale",
    Partner.PJJ: "Unité éducative de milieu ouvert",
    Partner.REGION: "Référence territoriale formation",
    Partner.CFA: "Service développement du CFA",
    Partner.ENSEIGNEMENT_AGRICOLE: "Vie scolaire du lycée agricole",
}

# What one could see, by level of the scale.
EVIDENCE: tuple[tuple[str, ...], ...] = (
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

PILOTS = {
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

FREQUENCIES = {
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

DONE = {
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

PARTIAL = {
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

NEXT_STEPS = {
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

# --- what is in place, further fields of a modality --------------------------------------------------------

INSTANCES = {
    Modality.IDENTIFICATION: ("Cellule de veille du bassin", "Groupe de prévention du décrochage"),
    Modality.INFORMATION_EXCHANGE: ("Réunion de croisement des listes", "Point technique des correspondants"),
    Modality.RECEPTION_AND_POSITIONING: ("Permanence commune d’accueil", "Entretien de situation"),
    Modality.SHARED_DIAGNOSIS: ("Observatoire du bassin", "Groupe de travail sur les chiffres"),
    Modality.RESPONSE_AND_SOLUTION: ("Commission des solutions", "Réunion du réseau FOQUALE"),
    Modality.SUPPORT_AND_FOLLOW_UP: ("Revue des situations", "Point de suivi des référents"),
    Modality.HANDOVER: ("Rendez-vous de relais", "Commission de passage de relais"),
    Modality.FACILITATION: ("Comité de l’observatoire", "Bureau de l’observatoire"),
    Modality.SHARED_TOOLS: ("Groupe de travail sur les outils",),
    Modality.PROFESSIONAL_DEVELOPMENT: ("Journée interprofessionnelle",),
    Modality.EVALUATION: ("Réunion de bilan de l’observatoire",),
}

PARTICIPANTS = (
    "Établissements, CIO, mission locale",
    "CIO, mission locale, coordination MLDS, CFA",
    "Toutes les structures du bassin, sauf l’enseignement agricole",
    "CIO, mission locale, PJJ, coordination MLDS",
    "Mission locale, CFA, établissements, référence territoriale formation",
    "Les sept structures de la convention",
)

TOOLS = {
    Modality.IDENTIFICATION: ("Liste de veille du bassin", "Tableau des absences, relu chaque semaine"),
    Modality.INFORMATION_EXCHANGE: ("Tableau de croisement des listes", "Messagerie protégée entre services"),
    Modality.RECEPTION_AND_POSITIONING: ("Grille d’entretien commune", "Agenda partagé de la permanence"),
    Modality.SHARED_DIAGNOSIS: ("Note de deux pages et ses tableaux",),
    Modality.RESPONSE_AND_SOLUTION: ("Tableau des places vacantes", "Carte des solutions du bassin"),
    Modality.SUPPORT_AND_FOLLOW_UP: ("Fiche de suivi à quinze jours, un mois, trois mois",),
    Modality.HANDOVER: ("Fiche de liaison signée par le jeune", "Fiche de liaison et accusé de réception"),
    Modality.FACILITATION: ("Ordre du jour type et relevé de décisions",),
    Modality.SHARED_TOOLS: ("Annuaire des interlocuteurs, fiche de liaison unique",),
    Modality.PROFESSIONAL_DEVELOPMENT: ("Livret d’accueil des nouveaux arrivants",),
    Modality.EVALUATION: ("Questionnaire à trois mois", "Décompte des suites des signalements"),
}

PROOFS = (
    "Comptes rendus des trois dernières séances",
    "Relevé de décisions de la dernière réunion",
    "Protocole signé par les structures",
    "Calendrier de l’année et feuilles de présence",
    "Modèle de fiche en usage, joint au dernier compte rendu",
)

DIFFICULTIES = {
    Modality.IDENTIFICATION: ("Les départs en cours d’année arrivent avec deux mois de retard.",),
    Modality.INFORMATION_EXCHANGE: ("Chaque structure attend l’accord écrit de sa hiérarchie.",),
    Modality.RECEPTION_AND_POSITIONING: ("Peu de créneaux hors de la ville centre.",),
    Modality.SHARED_DIAGNOSIS: ("Les chiffres des structures ne portent pas sur les mêmes communes.",),
    Modality.RESPONSE_AND_SOLUTION: ("Les places libres sont connues trop tard dans l’année.",),
    Modality.SUPPORT_AND_FOLLOW_UP: ("Le jeune change de numéro et ne répond plus.",),
    Modality.HANDOVER: ("Le premier rendez-vous est parfois donné à plus d’un mois.",),
    Modality.FACILITATION: ("Les réunions tombent souvent pendant les conseils de classe.",),
    Modality.SHARED_TOOLS: ("La double saisie décourage les équipes.",),
    Modality.PROFESSIONAL_DEVELOPMENT: ("Difficile de libérer une journée à la même date.",),
    Modality.EVALUATION: ("Personne n’est chargé du décompte entre deux réunions.",),
}

# --- resources: nature, name, structure, contact, capacity, public, place ----------------------------------

RESOURCES: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("actor", "Point d’accueil décrochage", "CIO", "Accueil du CIO", "6 entretiens par semaine",
     "16-18 ans sans solution", "Locaux du CIO"),
    ("actor", "Équipe mobile d’accrochage", "Coordination MLDS", "Secrétariat de la coordination MLDS",
     "2 intervenants, 30 jeunes par an", "Lycéens très absents", "Dans les lycées du bassin"),
    ("actor", "Référent apprentissage", "CFA", "Service développement du CFA", "Une permanence par mois",
     "Apprentis en rupture de contrat", "Au CFA ou à la mission locale"),
    ("action", "Sas de remobilisation", "Mission locale", "Accueil de la mission locale",
     "12 places, quatre entrées par an", "16-21 ans", "Antenne de la mission locale"),
    ("action", "Parcours découverte des métiers", "Coordination MLDS", "Secrétariat de la coordination MLDS",
     "15 places à chaque session", "Sortants de troisième ou de seconde", "Lycée professionnel du bassin"),
    ("action", "Stages de découverte agricole", "Enseignement agricole", "Vie scolaire du lycée agricole",
     "8 stages par trimestre", "Collégiens et 16-18 ans", "Exploitation du lycée agricole"),
    ("action", "Atelier mobilité", "Mission locale", "Accueil de la mission locale", "10 jeunes par session",
     "Jeunes sans moyen de transport", "Antenne de la mission locale"),
    ("tool", "Annuaire des interlocuteurs", "Coordination du bassin", "Secrétariat de l’observatoire", "",
     "Professionnels des sept structures", "Dossier partagé de l’observatoire"),
    ("tool", "Tableau des places vacantes", "Plateforme de suivi et d’appui aux décrocheurs",
     "Secrétariat de la plateforme", "Mis à jour tous les mois", "Professionnels", "Dossier partagé"),
    ("tool", "Fiche de liaison commune", "Coordination du bassin", "Secrétariat de l’observatoire", "",
     "Professionnels qui passent le relais", "Dossier partagé de l’observatoire"),
)  # fmt: skip

# --- shared diagnosis: part, then the first text and the completed one -------------------------------------

DIAGNOSES: dict[str, tuple[tuple[str, str], ...]] = {
    "needs": (
        (
            "Des jeunes de 16 à 18 ans attendent une place en voie professionnelle depuis la rentrée.",
            "Des jeunes de 16 à 18 ans attendent une place en voie professionnelle depuis la rentrée.\n"
            "Ceux qui habitent loin de la ville centre renoncent faute de transport.\n"
            "Les familles demandent un interlocuteur unique.",
        ),
        (
            "Les apprentis dont le contrat est rompu ne savent pas vers qui se tourner.",
            "Les apprentis dont le contrat est rompu ne savent pas vers qui se tourner.\n"
            "Un accueil sans rendez-vous leur manque, surtout au printemps.",
        ),
    ),
    "causes": (
        (
            "Orientations subies en fin de troisième, relevées par les établissements.",
            "Orientations subies en fin de troisième, relevées par les établissements.\n"
            "Temps de trajet au-delà d’une heure dans l’arrière-pays, relevé par la mission locale.\n"
            "Santé et logement : cités par toutes les structures, mesurés par aucune.",
        ),
        (
            "Ruptures d’apprentissage dans les trois premiers mois, relevées par les CFA.",
            "Ruptures d’apprentissage dans les trois premiers mois, relevées par les CFA.\n"
            "Absences longues au premier trimestre, relevées par les établissements.",
        ),
    ),
    "shared_reading": (
        (
            "Les structures s’accordent sur le public, pas encore sur le moment où il faut prévenir.",
            "Les structures s’accordent sur le public et sur un délai de dix jours pour prévenir.\n"
            "Reste à lire ensemble : les départs qui ne passent par aucun signalement.",
        ),
    ),
}

# --- actions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InventedAction:
    """One action and what became of it; ``effect`` blank: nothing was said of it."""

    finding: str
    action: str
    pilot: str
    due_on: str
    indicator: str
    expected_effect: str
    modality: Modality
    state: str
    effect: str = ""
    effect_seen: str = ""
    blocking_condition: str = ""


ACTIONS = (
    InventedAction(
        "Les départs d’octobre ne sont connus qu’en janvier.",
        "Envoyer la liste des absences longues au CIO chaque vendredi.",
        "Établissements du bassin", "2026-06-30", "neet_rate",
        "Aucun jeune sans contact plus d’un mois après son départ", Modality.IDENTIFICATION,
        "kept", "seen", "Le premier contact a lieu en trois semaines, contre dix l’an passé.",
    ),
    InventedAction(
        "Les listes ne sont croisées qu’une fois par an.",
        "Croiser les listes en octobre, en janvier et en mai.",
        "Plateforme de suivi et d’appui aux décrocheurs", "2026-05-29", "neet_rate",
        "Moins de jeunes inconnus des deux structures", Modality.INFORMATION_EXCHANGE,
        "kept", "too_early",
    ),
    InventedAction(
        "Des élèves de troisième quittent leur collège sans vœu confirmé.",
        "Proposer un entretien commun avant les conseils du troisième trimestre.",
        "CIO", "2026-06-12", "college_access_rate",
        "Une part d’élèves menés de la sixième à la troisième en hausse", Modality.RECEPTION_AND_POSITIONING,
        "kept", "not_seen", "Les entretiens ont eu lieu ; le taux de l’année ne bouge pas.",
    ),
    InventedAction(
        "Les places libres en voie professionnelle restent vides après la Toussaint.",
        "Publier la liste des places vacantes au début de chaque mois.",
        "Réseau FOQUALE", "2026-12-18", "vocational_share",
        "Plus d’entrées en cours d’année", Modality.RESPONSE_AND_SOLUTION, "open", "too_early",
    ),
    InventedAction(
        "Le relais vers la mission locale se perd une fois sur deux.",
        "Tenir le rendez-vous de relais à trois, avec la fiche de liaison.",
        "Mission locale", "2026-09-30", "neet_rate",
        "Neuf relais sur dix suivis d’un premier rendez-vous", Modality.HANDOVER, "late", "", "",
        "Pas de salle ni de créneau commun avant novembre.",
    ),
    InventedAction(
        "Les communes éloignées n’ont pas de permanence.",
        "Ouvrir une permanence commune une demi-journée par mois.",
        "Mission locale", "2027-01-29", "service_distance_km",
        "Un accueil à moins d’une demi-heure pour les communes éloignées",
        Modality.RECEPTION_AND_POSITIONING, "open", "", "", "Convention de mise à disposition d’une salle.",
    ),
    InventedAction(
        "Les équipes ne connaissent pas les missions des autres structures.",
        "Organiser une journée commune à l’automne.",
        "Coordination MLDS", "2026-10-16", "neet_rate",
        "Des orientations mieux préparées", Modality.PROFESSIONAL_DEVELOPMENT, "late", "", "",
        "La date dépend du calendrier des formations de chaque structure.",
    ),
    InventedAction(
        "Les élèves fragiles du brevet ne sont pas connus du CIO.",
        "Repérer ensemble les élèves fragiles au deuxième trimestre.",
        "CIO", "2026-12-11", "dnb_success_rate",
        "Une réussite au brevet qui ne recule pas", Modality.IDENTIFICATION, "open",
    ),
    InventedAction(
        "Chaque structure tient son propre annuaire.",
        "Fondre les annuaires en un seul, tenu à jour à chaque rentrée.",
        "Coordination du bassin", "2026-04-30", "neet_rate",
        "Un interlocuteur trouvé en un appel", Modality.SHARED_TOOLS, "dropped", "", "",
        "Un annuaire régional est annoncé ; le nôtre ferait double emploi.",
    ),
    InventedAction(
        "Les ruptures de contrat d’apprentissage ne sont signalées à personne.",
        "Prévenir le CIO et la mission locale sous dix jours.",
        "CFA", "2026-09-25", "neet_rate",
        "Un accueil proposé à chaque apprenti en rupture", Modality.INFORMATION_EXCHANGE,
        "late", "", "", "Accord des CFA sur les champs à transmettre.",
    ),
    InventedAction(
        "Le bilan de juin ne dit rien des suites des signalements.",
        "Compter les suites à trois mois.",
        "Coordination du bassin", "2027-02-26", "neet_rate",
        "Des suites connues pour huit signalements sur dix", Modality.EVALUATION, "open",
    ),
    InventedAction(
        "Le questionnaire aux jeunes reçoit peu de réponses.",
        "Le proposer par téléphone.",
        "Mission locale", "2026-06-19", "neet_rate",
        "Une réponse sur deux", Modality.EVALUATION, "dropped", "", "",
        "Pas de temps disponible pour les appels.",
    ),
)  # fmt: skip

# --- replies: structure, modality, text --------------------------------------------------------------------

REPLIES: tuple[tuple[Partner, Modality, str], ...] = (
    (
        Partner.PJJ,
        Modality.HANDOVER,
        "Nous préparons chaque fin de mesure avec la mission locale ; la fiche de liaison n’est pas encore "
        "la nôtre, d’où l’écart entre les deux réponses.",
    ),
    (
        Partner.CFA,
        Modality.INFORMATION_EXCHANGE,
        "Le signalement des ruptures existe dans notre réseau ; il n’arrive pas au bon service du bassin.",
    ),
    (
        Partner.ENSEIGNEMENT_AGRICOLE,
        Modality.FACILITATION,
        "Nous n’avons pas reçu les dernières invitations et souhaitons participer.",
    ),
)

# --- framework: modality, shared points, practice, adopters, due, state ------------------------------------

FRAMEWORK: tuple[tuple[Modality, str, str, str, str, str], ...] = (
    (
        Modality.IDENTIFICATION,
        "Un jour fixe par semaine pour signaler.\nUn correspondant nommé dans chaque établissement.\n"
        "Une liste relue à plusieurs, jamais par une structure seule.",
        "Signaler chaque semaine les absences longues à la cellule du bassin, qui répond sous dix jours.",
        "Établissements, CIO, missions locales",
        "2027-01-15",
        "adopted",
    ),
    (
        Modality.INFORMATION_EXCHANGE,
        "Un circuit écrit sur une page.\nLes seuls champs convenus, et les seules personnes habilitées.",
        "Croiser les listes trois fois par an, en octobre, en janvier et en mai.",
        "CIO, missions locales, CFA",
        "2027-03-31",
        "proposed",
    ),
    (
        Modality.HANDOVER,
        "Le jeune est présent.\n"
        "La structure qui passe le relais attend la confirmation du premier rendez-vous.",
        "Tenir le relais à trois, avec une fiche de liaison unique, et confirmer sous quinze jours.",
        "Missions locales, CIO, PJJ, coordinations MLDS",
        "2027-06-30",
        "proposed",
    ),
    (
        Modality.EVALUATION,
        "Les suites sont comptées par la structure qui a signalé.",
        "Compter à trois mois les suites de chaque signalement et en parler à la réunion de juin.",
        "",
        "",
        "draft",
    ),
)
