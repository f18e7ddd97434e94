"""What is said of the links between the five databases."""

from __future__ import annotations

_COUNTS = "{count} lignes ; reliées : {linked}, à relire : {review}, sans lien : {unlinked}."
NOTES: dict[str, str] = {
    "link_pupils": "Base élèves : {count} lignes, dont {linked} qu’une autre base connaît.",
    "link_affectation": f"Affectation : {_COUNTS}",
    "link_apprenticeship": f"Apprentissage : {_COUNTS}",
    "link_agricultural": f"Enseignement agricole : {_COUNTS}",
    "link_mission_locale": f"Missions locales : {_COUNTS}",
    "link_persons": "{records} lignes, {persons} personnes.",
    "link_review": "Lignes douteuses : {count} ; tant que personne n’a tranché, elles ne sont pas reliées.",
}
