"""Words of the page Méthode: formulas in words, references, limits, signs, glossary.

For people who are not statisticians: each text says what is done, then why, and claims no cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from observatory.domain.figures import FigureStatus


@dataclass(frozen=True)
class Entry:
    """A term and its text; ``reference`` names the work it comes from, empty for a rule of ours."""

    term: str
    text: str
    reference: str = ""


FORMULAS = (
    Entry(
        "Moyenne d’un bassin",
        "Somme des valeurs des communes (ou des collèges, des lycées) multipliées par leur poids, "
        "divisée par la somme des poids. Le poids de chaque indicateur est dit dans sa fiche. Quand "
        "les deux effectifs sont publiés, c’est le rapport des sommes. Ce qui manque n’entre ni en "
        "haut ni en bas, et n’est jamais remplacé.",
    ),
    Entry(
        "Intervalle d’une proportion",
        "Méthode de Wilson, à 95 %. Sans effectif publié, aucun intervalle n’est inventé : la page écrit "
        "« intervalle non calculable : effectifs non diffusés ». Une médiane, une moyenne ou une "
        "distance n’est pas une proportion : elle n’en a pas.",
        "Wilson, 1927",
    ),
    Entry(
        "Intervalle d’un nombre d’événements",
        "Approximation de Byar, pour un comptage ou un taux pour mille.",
        "Byar, dans Breslow et Day, 1987",
    ),
    Entry(
        "Taux lissé",
        "Un taux de petit effectif est rapproché de la moyenne régionale, d’autant plus que "
        "l’effectif est petit, et jamais au-delà d’elle : la variance entre bassins est bornée à "
        "zéro.",
        "Marshall, 1991",
    ),
    Entry(
        "La part du hasard (graphique en entonnoir)",
        "Autour de la valeur régionale, les limites à 95 % et à 99,8 % se resserrent quand l’effectif"
        " grandit. Un bassin à l’intérieur ne se distingue pas du hasard. Une dispersion générale "
        "trop forte (surdispersion) élargit les limites.",
        "Spiegelhalter, 2005",
    ),
    Entry(
        "Rang honnête",
        "Un rang seul trompe. On tire au sort, des milliers de fois, des valeurs possibles de chaque "
        "bassin et on écrit l’intervalle où le rang tombe neuf fois sur dix : « entre 4e et 12e ».",
    ),
    Entry(
        "Écart à l’attendu",
        "Une droite relie l’observé à l’indice de contexte, bassins pesés par leur effectif connu, "
        "sinon par leur population. L’écart est ce qui reste. Il est dit notable quand le résidu, "
        "recalculé sans le bassin, dépasse 1,96 fois son erreur ; sinon il est « dans la dispersion "
        "habituelle ».",
    ),
    Entry(
        "Typologie",
        "Contexte et observé sont coupés à leur valeur régionale, ce qui fait quatre types. Un bassin dont "
        "l’intervalle passe par la coupure, ou sans valeur propre, est « indéterminé ».",
        "Atlas des risques sociaux d’échec scolaire, Céreq et DEPP",
    ),
    Entry(
        "Priorités",
        "L’observé est coupé à la valeur régionale, le niveau médian de coopération à 3. Un bassin dont "
        "l’intervalle de l’observé passe par la coupure est « indéterminé ». Il est placé, mais « à "
        "confirmer », dans deux cas : les réponses qui manquent, toutes à 0 ou toutes à 5, porteraient la "
        "médiane de l’autre côté de 3 ; l’observé n’a pas d’intervalle et tombe à moins d’un demi-point de "
        "la région, qu’un arrondi peut effacer. L’ordre va du plus au moins éloigné de la région.",
    ),
    Entry(
        "Tendance",
        "Au moins cinq points, un test du khi-deux de tendance supérieur à 9,55, et le même sens "
        "quand on retire n’importe lequel des points. Avec trois recensements, les points sont "
        "montrés, sans tendance.",
        "Règle de Fingertips, santé publique anglaise",
    ),
)

INDEX_STEPS = (
    Entry("Retenir", "Les sept indicateurs de contexte, à leur dernière année. L’observé n’y entre jamais."),
    Entry(
        "Ne rien inventer",
        "Aucune imputation : un bassin à qui manque un indicateur d’une dimension n’a pas d’indice, "
        "et c’est écrit.",
    ),
    Entry(
        "Tempérer les extrêmes",
        "Une valeur à plus de trois écarts interquartiles du quart le plus proche est ramenée à cette"
        " borne ; la liste est ci-dessous.",
    ),
    Entry(
        "Mettre à la même échelle",
        "Chaque indicateur est centré et réduit, puis orienté : plus haut veut dire plus exposé.",
    ),
    Entry(
        "Peser à égalité",
        "Les indicateurs d’une dimension font sa moyenne, les dimensions pèsent autant. Aucun poids "
        "n’est ajusté sur 28 bassins.",
    ),
    Entry(
        "Éprouver",
        "1 000 variantes changent les poids, l’échelle (centrée, minimum-maximum, rang) et la façon "
        "de réunir (moyenne arithmétique ou géométrique). On publie l’intervalle où tombent 90 % des "
        "rangs : c’est la robustesse. Le tirage est fixé, deux calculs donnent le même résultat.",
    ),
)

CITATIONS = (
    "Céreq et DEPP, Atlas des risques sociaux d’échec scolaire : l’exemple du décrochage.",
    "OECD et Joint Research Centre, Handbook on Constructing Composite Indicators, 2008.",
    "Wilson, « Probable inference, the law of succession, and statistical inference », "
    "Journal of the American Statistical Association, 1927.",
    "Breslow et Day, Statistical Methods in Cancer Research, volume II, 1987 (approximation de Byar).",
    "Marshall, « Mapping disease and mortality rates using empirical Bayes estimators », Applied "
    "Statistics, 1991.",
    "Spiegelhalter, « Funnel plots for comparing institutional performance », Statistics in Medicine, 2005.",
    "Frey, Lohmeier, Lee et Tollefson, « Measuring collaboration among grant partners », "
    "American Journal of Evaluation, 2006.",
)

SIGNS = (
    (
        FigureStatus.SUPPRESSED,
        "Le chiffre existe et n’est pas publié : il ferait reconnaître des personnes.",
    ),
    (FigureStatus.MISSING, "Le producteur n’a rien transmis : on ne sait pas."),
    (FigureStatus.NOT_APPLICABLE, "La question ne se pose pas ici : il n’y a rien à mesurer."),
    (
        FigureStatus.UNRESOLVED,
        "Le chiffre n’existe que pour un territoire plus grand (Marseille entière). Il est écrit "
        "entre parenthèses et ne prend part ni au classement, ni à l’écart, ni à la typologie.",
    ),
    (
        FigureStatus.INSUFFICIENT_COVERAGE,
        "Le chiffre repose sur moins de la moitié de la population du bassin : il n’est pas dessiné.",
    ),
)

LIMITS = (
    "Les limites des 28 bassins de formation sont reconstituées, commune par commune : aucune liste "
    "officielle n’était disponible. Elles se remplacent par l’annuaire de l’éducation, sans rien "
    "changer d’autre.",
    "Marseille n’a qu’une valeur au recensement pour l’observé. Ses trois bassins la portent entre "
    "parenthèses et sont laissés de côté dans l’écart, la typologie et les rangs.",
    "L’observé date du recensement de 2018 (enquêtes de 2016 à 2020). Il ne se confond pas avec les "
    "sortants sans qualification que repéreront les campagnes.",
    "Un contexte est associé à un risque ; il n’en est pas la cause, et ne dit rien d’une personne. "
    "La plus petite unité d’un chiffre de risque est le bassin.",
    "Collèges et lycées sont comptés où ils se trouvent, non où vivent leurs élèves.",
)

GLOSSARY = (
    Entry(
        "Bassin de formation",
        "Territoire où se coordonnent les établissements et leurs partenaires : 16 dans l’académie "
        "d’Aix-Marseille, 12 dans celle de Nice.",
    ),
    Entry(
        "Ni en emploi ni en formation",
        "Jeune de 15 à 24 ans qui n’est inscrit dans aucun établissement et n’a pas d’emploi (NEET en"
        " anglais).",
    ),
    Entry("Contexte", "Conditions de vie et de scolarité associées, en moyenne, à un risque plus élevé."),
    Entry(
        "Observé",
        "La rupture telle que le recensement la voit ; demain, telle que les campagnes la repèrent.",
    ),
    Entry(
        "Attendu",
        "Ce que l’on observerait si le bassin suivait la relation moyenne entre contexte et observé.",
    ),
    Entry(
        "Couverture",
        "Part de la population du bassin (ou de ses élèves) sur laquelle le chiffre repose. Sous 50 %, "
        "il n’est pas dessiné.",
    ),
    Entry("Intervalle à 95 %", "Les valeurs compatibles avec le chiffre, compte tenu des effectifs."),
    Entry("Robustesse", "Ce qu’il reste d’un résultat quand on change les choix de calcul."),
    Entry("Point", "Différence entre deux pourcentages : de 18 % à 20 %, deux points."),
    Entry("Millésime", "Année à laquelle les données se rapportent, et non celle de leur publication."),
    Entry("Rupture de série", "Changement de mesure : les chiffres d’avant et d’après ne se comparent pas."),
    Entry(
        "IPS",
        "Indice de position sociale : le milieu social moyen des élèves d’après la profession des parents.",
    ),
    Entry("IRIS", "Découpage des communes d’environ 5 000 habitants et plus en quartiers, par l’Insee."),
    Entry("Médiane", "Valeur qui partage en deux : la moitié est au-dessous, l’autre au-dessus."),
    Entry("CIO", "Centre d’information et d’orientation."),
    Entry(
        "MGI, MLDS", "Mission générale d’insertion, devenue mission de lutte contre le décrochage scolaire."
    ),
    Entry("PJJ", "Protection judiciaire de la jeunesse."),
    Entry("CFA", "Centre de formation d’apprentis."),
    Entry(
        "Valeur ramenée",
        "Valeur extrême remplacée par une borne dans le calcul de l’indice, et seulement là.",
    ),
)

VERSION_LABELS = {
    "build": "Base construite à partir des fichiers du projet",
    "empty-demonstration": "Données de démonstration retirées",
}
"""Labels that the commands write; a label that a person wrote is shown as it is."""
