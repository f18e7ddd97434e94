"""The producers' files that the context figures come from, as data: headings, kinds, ranges, keys, vintages.

Names are those of the published files; the headings are the producers' own. A new vintage is a new entry.
"""

from __future__ import annotations

from observatory.pipeline.producer_files import Column, Kind, ProducerFile

NEET_COMMUNES = ProducerFile(
    code="insee_neet_communes",
    file_name="neet_communes_2008_2013_2018_paca.csv",
    columns=(
        Column("code", "codgeo", Kind.COMMUNE),
        Column("year", "an", Kind.YEAR),
        Column("neet", "part_non_inseres", Kind.PERCENT, blank=True),
    ),
    key=("code", "year"),
    years=(2008, 2013, 2018),
)

NEET_REGIONS = ProducerFile(
    code="insee_neet_regions",
    file_name="neet_region_2007_2018.csv",
    columns=(
        Column("code", "codgeo", Kind.REGION),
        Column("year", "an", Kind.YEAR),
        Column("neet", "part_non_inseres", Kind.PERCENT),
    ),
    key=("code", "year"),
    years=(2008, 2013, 2018),
    every_departement=False,
)


def _filosofi(code: str, file_name: str, vintage: str, place: Kind) -> ProducerFile:
    # Bounds in euros a year per consumption unit: wide, to catch a lost or doubled thousand.
    return ProducerFile(
        code=code,
        file_name=file_name,
        columns=(
            Column("code", "CODGEO", place),
            Column("households", f"NBMEN{vintage}", Kind.COUNT),
            Column("income", f"Q2{vintage}", Kind.NUMBER, minimum=3_000, maximum=150_000, blank=True),
        ),
        key=("code",),
        every_departement=place is Kind.COMMUNE,
    )


FILOSOFI_COMMUNES = {
    2014: _filosofi("filosofi_communes_2014", "FILO2014_DISP_COM_paca.csv", "14", Kind.COMMUNE),
    2019: _filosofi("filosofi_communes_2019", "FILO2019_DISP_COM_paca.csv", "19", Kind.COMMUNE),
}
FILOSOFI_REGION = {
    2019: _filosofi("filosofi_region_2019", "FILO2019_DISP_REG_paca.csv", "19", Kind.REGION),
}

CAF_IRIS = ProducerFile(
    code="caf_iris_2020",
    file_name="data_CAF_2020_IRIS_paca.csv",
    columns=(
        Column("code", "CODGEO", Kind.IRIS),
        Column("recipients", "A", Kind.COUNT, blank=True),
        Column("single_parents", "AM", Kind.COUNT, blank=True),
    ),
    key=("code",),
    parts=(("single_parents", "recipients"),),
)

IPS_COLLEGES = ProducerFile(
    code="depp_ips_colleges_2022",
    file_name="fr-en-ips-colleges-ap2022_paca.csv",
    columns=(
        Column("uai", "UAI", Kind.UAI),
        Column("year", "Rentrée scolaire", Kind.YEAR),
        Column("commune_code", "Code INSEE de la commune", Kind.COMMUNE),
        Column("pupils", "Effectifs", Kind.COUNT),
        Column("ips", "IPS", Kind.NUMBER, minimum=20, maximum=200, blank=True),
    ),
    key=("uai", "year"),
    years=(2022,),
)

IPS_LYCEES = ProducerFile(
    code="depp_ips_lycees_2022",
    file_name="fr-en-ips-lycees-ap2022_paca.csv",
    columns=(
        Column("uai", "uai", Kind.UAI),
        Column("year", "rentree_scolaire", Kind.YEAR),
        Column("commune_code", "code_insee_de_la_commune", Kind.COMMUNE),
        Column("general", "effectifs_voie_gt", Kind.COUNT, blank=True),
        Column("vocational", "effectifs_voie_pro", Kind.COUNT, blank=True),
        Column("pupils", "effectifs_ensemble_gt_pro", Kind.COUNT, blank=True),
    ),
    key=("uai", "year"),
    years=(2022,),
    parts=(("general", "pupils"), ("vocational", "pupils")),
)

IVAC_COLLEGES = ProducerFile(
    code="depp_ivac_colleges",
    file_name="ivac_colleges_2022_2023_paca.csv",
    columns=(
        Column("uai", "UAI", Kind.UAI),
        Column("year", "Session", Kind.YEAR),
        Column("commune_label", "Commune", Kind.TEXT),
        # «G» is the série générale, «P» the série professionnelle.
        Column("candidates", "Nb candidats G", Kind.COUNT, blank=True),
        Column("success", "Taux de réussite G", Kind.PERCENT, blank=True),
        Column("access", "Taux d'accès 6eme 3eme", Kind.PERCENT, blank=True),
    ),
    key=("uai", "year"),
    years=(2022, 2023),
)

CONTEXT_FILES: tuple[ProducerFile, ...] = (
    NEET_COMMUNES,
    NEET_REGIONS,
    *FILOSOFI_COMMUNES.values(),
    *FILOSOFI_REGION.values(),
    CAF_IRIS,
    IPS_COLLEGES,
    IPS_LYCEES,
    IVAC_COLLEGES,
)
