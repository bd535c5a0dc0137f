const named = (suffix: string, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => name + suffix)

const address = (rank: '' | '2') =>
  named(
    `${rank}Etablissement`,
    `complementAdresse numeroVoie indiceRepetition typeVoie libelleVoie codePostal libelleCommune libelleCommuneEtranger
     distributionSpeciale codeCommune codeCedex libelleCedex codePaysEtranger libellePaysEtranger`,
  )

/** Columns of the register on an establishment, from the stock of 2019 to that of 2026. */
const establishmentNames = [
  'siren',
  'nic',
  'siret',
  'dateDebut',
  ...named(
    'Etablissement',
    `statutDiffusion dateCreation trancheEffectifs anneeEffectifs activitePrincipaleRegistreMetiers dateDernierTraitement
     nombrePeriodes dernierNumeroVoie indiceRepetitionDernierNumeroVoie identifiantAdresse coordonneeLambertAbscisse
     coordonneeLambertOrdonnee etatAdministratif enseigne1 enseigne2 enseigne3 denominationUsuelle activitePrincipale
     nomenclatureActivitePrincipale caractereEmployeur activitePrincipaleNAF25`,
  ),
  'etablissementSiege',
  ...address(''),
  ...address('2'),
]

/** Columns of the register on a legal unit. */
const enterpriseNames = [
  'siren',
  'dateDebut',
  ...named(
    'UniteLegale',
    `statutDiffusion unitePurgee dateCreation sigle sexe prenom1 prenom2 prenom3 prenom4 prenomUsuel pseudonyme
     identifiantAssociation trancheEffectifs anneeEffectifs dateDernierTraitement nombrePeriodes etatAdministratif nom nomUsage
     denomination denominationUsuelle1 denominationUsuelle2 denominationUsuelle3 categorieJuridique activitePrincipale
     nomenclatureActivitePrincipale nicSiege economieSocialeSolidaire societeMission caractereEmployeur
     activitePrincipaleNAF25`,
  ),
  'categorieEntreprise',
  'anneeCategorieEntreprise',
]

/** Columns that Etalab's geocoding adds to the stock. */
const geocodingNames = 'longitude latitude geo_score geo_type geo_adresse geo_id geo_ligne geo_l4 geo_l5'.split(' ')

/** Columns of Insee's geolocated file, all editions. */
const positionNames =
  `siret x y qualite_xy epsg plg_qp24 plg_qp15 plg_qva plg_iris plg_zus plg_code_commune distance_precision qualite_qp24
   qualite_qp15 qualite_qva qualite_iris qualite_zus y_latitude x_longitude`.split(/\s+/)

export const known = {
  establishments: [...establishmentNames, ...enterpriseNames, ...geocodingNames],
  enterprises: enterpriseNames,
  positions: positionNames,
}

/** Columns read from a file of establishments; the first ones are required. */
export const requiredOfEstablishments = [
  'siret',
  'statutDiffusionEtablissement',
  'etatAdministratifEtablissement',
  'codeCommuneEtablissement',
  'activitePrincipaleEtablissement',
] as const

/** Columns on the legal unit which tell whether, and under what name, it may be shown. */
export const unitColumns = [
  'statutDiffusionUniteLegale',
  'categorieJuridiqueUniteLegale',
  'denominationUniteLegale',
  'denominationUsuelle1UniteLegale',
  'denominationUsuelle2UniteLegale',
  'denominationUsuelle3UniteLegale',
  'nomUniteLegale',
  'nomUsageUniteLegale',
  'prenom1UniteLegale',
  'prenom2UniteLegale',
  'prenom3UniteLegale',
  'prenom4UniteLegale',
  'prenomUsuelUniteLegale',
  'pseudonymeUniteLegale',
  'economieSocialeSolidaireUniteLegale',
] as const
export type UnitColumn = (typeof unitColumns)[number]

/** Columns of every stock and export, whose absence is told. */
export const usualOfEstablishments = [
  'siren',
  'dateCreationEtablissement',
  'trancheEffectifsEtablissement',
  'anneeEffectifsEtablissement',
  'activitePrincipaleRegistreMetiersEtablissement',
  'dateDernierTraitementEtablissement',
  'etablissementSiege',
  'numeroVoieEtablissement',
  'indiceRepetitionEtablissement',
  'typeVoieEtablissement',
  'libelleVoieEtablissement',
  'codePostalEtablissement',
  'libelleCommuneEtablissement',
  'enseigne1Etablissement',
  'enseigne2Etablissement',
  'enseigne3Etablissement',
  'denominationUsuelleEtablissement',
  'nomenclatureActivitePrincipaleEtablissement',
] as const

/** Columns that only some editions have. */
const editionsOfEstablishments = [
  'dateDebut',
  'dernierNumeroVoieEtablissement',
  'coordonneeLambertAbscisseEtablissement',
  'coordonneeLambertOrdonneeEtablissement',
  'activitePrincipaleNAF25Etablissement',
  'longitude',
  'latitude',
  'geo_score',
  'geo_type',
] as const

export const establishmentColumns = [
  ...requiredOfEstablishments,
  ...usualOfEstablishments,
  ...editionsOfEstablishments,
  ...unitColumns,
] as const
export type EstablishmentColumn = (typeof establishmentColumns)[number]

/** Required of sirene.fr exports, which describe the legal unit too. */
export const requiredOfExports = [
  'statutDiffusionUniteLegale',
  'categorieJuridiqueUniteLegale',
  'denominationUniteLegale',
  'nomUniteLegale',
] as const

export const requiredOfEnterprises = ['siren', ...requiredOfExports] as const
export const enterpriseColumns = ['siren', ...unitColumns] as const
export type EnterpriseColumn = (typeof enterpriseColumns)[number]

export const requiredOfPositions = ['siret', 'qualite_xy'] as const
export const metricColumns = ['x', 'y', 'epsg'] as const
export const degreeColumns = ['x_longitude', 'y_latitude'] as const
export const positionColumns = [...requiredOfPositions, ...metricColumns, ...degreeColumns, 'plg_code_commune'] as const
export type PositionColumn = (typeof positionColumns)[number]

/** Columns that hold a name or an address: withheld, they say that the holder opposed diffusion. */
export const withheldOfUnits = unitColumns.filter((column) => /^(denomination|nom|prenom|pseudonyme)/.test(column))
export const withheldOfEstablishments: EstablishmentColumn[] = [
  ...withheldOfUnits,
  ...establishmentColumns.filter((column) =>
    /^(enseigne|denominationUsuelleE|numeroVoie|typeVoie|libelleVoie|codePostal|coordonnee)/.test(column),
  ),
]
