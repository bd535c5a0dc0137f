import { isObject, type Flat } from './api-sirene.ts'
import { isWithheld } from './cells.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const isSearchResult = (item: Record<string, unknown>): boolean =>
  'siren' in item && ('siege' in item || 'matching_etablissements' in item)

/** Every name by which the holder of a sole trade may be known: those of its managers, and of the enterprise. */
function holderNames(result: Record<string, unknown>): string {
  const managers = listOf(result.dirigeants).filter(isObject)
  const names = managers.flatMap(({ nom, nom_usage: usage, prenoms }) => [textOf(nom), textOf(usage), textOf(prenoms)])
  const full = textOf(result.nom_complet).replace(/\(.*\)/, '')
  return [full, ...names].filter((name) => name !== '' && !isWithheld(name)).join(' ')
}

/** Number and street of the one-line address that the API gives to establishments other than the head office. */
export function streetOf(address: string, postcode: string): string {
  const end = postcode === '' ? -1 : address.lastIndexOf(` ${postcode} `)
  return end > 0 ? address.slice(0, end).trim() : ''
}

function addressOf(establishment: Record<string, unknown>): Flat {
  if ('libelle_voie' in establishment) {
    return {
      numeroVoieEtablissement: establishment.numero_voie,
      dernierNumeroVoieEtablissement: establishment.dernier_numero_voie,
      indiceRepetitionEtablissement: establishment.indice_repetition,
      typeVoieEtablissement: establishment.type_voie,
      libelleVoieEtablissement: establishment.libelle_voie,
    }
  }
  const street = streetOf(textOf(establishment.adresse), textOf(establishment.code_postal))
  const [, number = '', name = street] = /^(\d{1,5}) (.+)$/.exec(street) ?? []
  return { numeroVoieEtablissement: number, libelleVoieEtablissement: name }
}

function unitOf(result: Record<string, unknown>): Flat {
  const complements = isObject(result.complements) ? result.complements : {}
  const category = textOf(result.nature_juridique)
  const natural = category.startsWith('1') || complements.est_entrepreneur_individuel === true
  const names = natural ? holderNames(result) : ''
  return {
    siren: result.siren,
    statutDiffusionUniteLegale: result.statut_diffusion,
    categorieJuridiqueUniteLegale: natural && !category.startsWith('1') ? '1000' : category,
    denominationUniteLegale: result.nom_raison_sociale,
    nomUniteLegale: names,
    prenom1UniteLegale: names,
    economieSocialeSolidaireUniteLegale: complements.est_ess === true ? 'O' : complements.est_ess === false ? 'N' : '',
  }
}

function establishmentOf(establishment: Record<string, unknown>): Flat {
  const signs = listOf(establishment.liste_enseignes)
  return {
    siret: establishment.siret,
    statutDiffusionEtablissement: establishment.statut_diffusion_etablissement,
    etatAdministratifEtablissement: establishment.etat_administratif,
    dateDebut: establishment.date_fermeture,
    dateCreationEtablissement: establishment.date_creation,
    dateDernierTraitementEtablissement: establishment.date_mise_a_jour_insee,
    etablissementSiege: establishment.est_siege,
    enseigne1Etablissement: signs[0],
    enseigne2Etablissement: signs[1],
    enseigne3Etablissement: signs[2],
    denominationUsuelleEtablissement: establishment.nom_commercial,
    codeCommuneEtablissement: establishment.commune,
    codePostalEtablissement: establishment.code_postal,
    libelleCommuneEtablissement: establishment.libelle_commune,
    ...addressOf(establishment),
    longitude: establishment.longitude,
    latitude: establishment.latitude,
    activitePrincipaleEtablissement: establishment.activite_principale,
    nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
    activitePrincipaleNAF25Etablissement: establishment.activite_principale_naf25,
    activitePrincipaleRegistreMetiersEtablissement: establishment.activite_principale_registre_metier,
    trancheEffectifsEtablissement: establishment.tranche_effectif_salarie,
    anneeEffectifsEtablissement: establishment.annee_tranche_effectif_salarie,
  }
}

/**
 * The establishments of one result of the API Recherche d’entreprises under the column names of the stock: the head
 * office, which has more fields, then those that match the search.
 */
export function flattenSearchResult(result: Record<string, unknown>): Flat[] {
  const unit = unitOf(result)
  const all = [result.siege, ...listOf(result.matching_etablissements)]
    .filter(isObject)
    .filter(({ siret }) => typeof siret === 'string')
  const bySiret = new Map(all.map((establishment) => [establishment.siret, establishment] as const).reverse())
  return [...bySiret.values()].reverse().map((establishment) => ({ ...unit, ...establishmentOf(establishment) }))
}
