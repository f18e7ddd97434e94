"""Words of the form in which a person says who they are."""

from __future__ import annotations

from observatory.french.cooperation import PARTNERS

NOBODY = "Dire qui vous êtes pour saisir"
EXPLANATION = (
    "Demandé une seule fois sur ce poste. Votre nom et votre structure sont inscrits à côté de ce que vous "
    "saisissez. Tout le monde peut lire ; on écrit dans son périmètre."
)
NAME = "Votre nom"
STRUCTURE = "Votre structure"
PERIMETER = "Bassins que vous pouvez écrire"
PERIMETER_HINT = (
    "L’équipe régionale écrit dans tous les bassins et dans le cadre : cette liste ne compte pas."
)
CHOOSE = "Choisir"
SAVE = "Enregistrer"
INCOMPLETE = "Il manque le nom, la structure ou un bassin."
REGIONAL_TEAM = "Équipe régionale"
REGIONAL_TEAM_CHOICE = "Équipe régionale : tous les bassins et le cadre"
ACADEMIE = "Académie {of_name}"
STRUCTURES = (
    "Coordination du bassin",
    REGIONAL_TEAM,
    *(words.label for words in PARTNERS.values()),
)
