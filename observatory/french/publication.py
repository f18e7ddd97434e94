"""What is said of the counts of a campaign, of their protection and of its audit."""

from __future__ import annotations

NOTES: dict[str, str] = {
    "consolidated": (
        "Campagne {campaign} : situations comptées dans {path}. Ces effectifs ne sont pas diffusables ; "
        "l’étape publish les protège."
    ),
    "published": (
        "Campagne {campaign} publiée : {shown} chiffres montrés, {hidden} couverts par le secret statistique."
    ),
    "published_unchanged": "Campagne {campaign} : rien n’a changé depuis la dernière publication.",
    "attack_withstood": (
        "Campagne {campaign} : aucun des {hidden} chiffres cachés ne peut être déduit de ce qui est publié."
    ),
    "campaign_demonstration": "{campaign} : {shown} chiffres montrés, {hidden} cachés.",
}
ERRORS: dict[str, str] = {
    "campaign_code": "« {value} » n’est pas un nom de campagne ; attendu : année et mois, comme 2026-11.",
    "campaign_not_published": "La campagne {campaign} n’est pas publiée ; lancez d’abord l’étape publish.",
    "campaign_exposed": (
        "{count} chiffre{plural} mal protégé{plural} ; tant que cette liste n’est pas vide, rien ne doit "
        "être diffusé."
    ),
    "consolidation_missing": (
        "Les effectifs « {path} » n’existent pas ; lancez d’abord l’étape consolidate pour cette campagne et "
        "cette édition."
    ),
    "consolidation_damaged": (
        "Les effectifs « {path} » sont illisibles ou d’une autre version ; relancez l’étape consolidate."
    ),
    "disclosure_input": (
        "Les effectifs ne peuvent pas être protégés ({reason}, {cell}) ; relancez l’étape consolidate, puis "
        "signalez ce message s’il revient."
    ),
}
PROBLEMS: dict[str, str] = {
    "cell_exposed": (
        "ce chiffre caché se déduit de ce qui est publié, ou ne devait pas l’être ; ne diffusez pas cette "
        "édition et signalez-le."
    ),
}
