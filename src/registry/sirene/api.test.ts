import { afterAll, describe, expect, test } from 'vitest'
import { streetOf } from './api-search.ts'
import { collect, createFolder, csvOf, stockUnit } from './testing/collect.ts'
import { siretAt } from './testing.ts'

const folder = createFolder()
afterAll(folder.remove)
const read = (value: unknown, options = {}) => collect([folder.write(JSON.stringify(value), 'reponse.json')], options)

const siret = siretAt(1)
const siren = siret.slice(0, 9)

describe('API Sirene', () => {
  const establishment = {
    siren,
    siret,
    statutDiffusionEtablissement: 'O',
    etablissementSiege: true,
    uniteLegale: {
      statutDiffusionUniteLegale: 'O',
      categorieJuridiqueUniteLegale: '1000',
      nomUniteLegale: 'DURAND',
      prenom1UniteLegale: 'LUC',
    },
    adresseEtablissement: {
      numeroVoieEtablissement: '2',
      libelleVoieEtablissement: 'QUAI',
      codeCommuneEtablissement: '82121',
    },
    periodesEtablissement: [
      {
        dateFin: '2020-12-31',
        dateDebut: '2010-01-01',
        etatAdministratifEtablissement: 'A',
        enseigne1Etablissement: 'AVANT',
      },
      {
        dateFin: null,
        dateDebut: '2021-01-01',
        etatAdministratifEtablissement: 'F',
        enseigne1Etablissement: 'LE RABOT',
        activitePrincipaleEtablissement: '16.23Z',
        nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
      },
    ],
  }

  test('the period under way tells state, sign and activity', async () => {
    const { establishments, recognised } = await read({ header: { statut: 200 }, etablissement: establishment })
    expect(recognised[0]!.formatLabel).toBe('API Sirene v3 (établissements)')
    expect(establishments).toMatchObject([
      {
        line: 1,
        siret,
        state: 'closed',
        closedOn: '2021-01-01',
        name: 'LE RABOT',
        naturalPerson: true,
        headquarters: true,
        addressLine: '2 QUAI',
        communeCode: '82121',
        naf: '16.23Z',
      },
    ])
  })

  test('an answer, a list of units and a list of answers are read alike', async () => {
    const other = { ...establishment, siret: siretAt(2), siren: siretAt(2).slice(0, 9) }
    for (const value of [
      { header: {}, etablissements: [establishment, other] },
      [establishment, other],
      [{ header: {}, etablissements: [establishment] }, { etablissement: other }],
    ]) {
      expect((await read(value)).establishments.map((one) => one.siret)).toEqual([siret, siretAt(2)])
    }
  })

  test('an element of another kind is refused by its rank', async () => {
    const { issues, done } = await read([establishment, { siren }, null])
    expect(issues.map(({ line, reason, column }) => [line, reason, column])).toEqual([
      [2, 'row.unreadable', null],
      [3, 'row.unreadable', null],
    ])
    expect(done.totals).toMatchObject({ rows: 3, accepted: 1, refused: 2 })
  })

  test('legal units complete the establishments of a stock', async () => {
    const unit = {
      uniteLegale: {
        siren,
        statutDiffusionUniteLegale: 'O',
        periodesUniteLegale: [
          { dateFin: null, denominationUniteLegale: 'APRÈS', categorieJuridiqueUniteLegale: '5710' },
          { dateFin: '2010-01-01', denominationUniteLegale: 'AVANT', categorieJuridiqueUniteLegale: '5499' },
        ],
      },
    }
    const files = [folder.write(JSON.stringify(unit), 'unite.json'), folder.write(csvOf([stockUnit({ siret })]))]
    expect((await collect(files)).enterprises).toMatchObject([{ siren, legalName: 'APRÈS', legalCategory: '5710' }])
  })
})

describe('API Recherche d’entreprises', () => {
  const establishment = {
    siret,
    statut_diffusion_etablissement: 'O',
    etat_administratif: 'A',
    est_siege: true,
    commune: '82121',
    code_postal: '82000',
    libelle_commune: 'MONTAUBAN',
    adresse: 'RESIDENCE DU PARC 12 RUE HAUTE 82000 MONTAUBAN',
    longitude: '1.355',
    latitude: '44.018',
    activite_principale: '10.71C',
    activite_principale_naf25: '10.71Y',
    tranche_effectif_salarie: '01',
    annee_tranche_effectif_salarie: '2023',
    date_creation: '2010-01-01',
    liste_enseignes: ['LE FOURNIL'],
    nom_commercial: null,
  }
  const office = {
    ...establishment,
    numero_voie: '12',
    type_voie: 'RUE',
    libelle_voie: 'HAUTE',
    activite_principale_registre_metier: '1071CZ',
  }
  const result = {
    siren,
    nom_complet: 'LE FOURNIL DE MONTAUBAN',
    nom_raison_sociale: 'LE FOURNIL DE MONTAUBAN',
    nature_juridique: '5710',
    statut_diffusion: 'O',
    siege: office,
    matching_etablissements: [establishment],
    dirigeants: [],
    complements: { est_entrepreneur_individuel: false, est_ess: true },
  }
  const trader = {
    ...result,
    nature_juridique: '1000',
    nom_complet: 'LUC DURAND (LE FOURNIL)',
    nom_raison_sociale: null,
    dirigeants: [{ nom: 'DURAND', prenoms: 'LUC JEAN', type_dirigeant: 'personne physique' }],
    complements: { est_entrepreneur_individuel: true },
  }

  test('gives the head office once, with NAF 2025', async () => {
    const { establishments, recognised, issues } = await read({
      searchTerms: 'x',
      result: { results: [result], total_results: 1 },
    })
    expect(recognised[0]!.formatLabel).toBe('API Recherche d’entreprises')
    expect(issues).toEqual([])
    expect(establishments).toMatchObject([
      {
        siret,
        name: 'LE FOURNIL',
        naturalPerson: false,
        headquarters: true,
        addressLine: '12 RUE HAUTE',
        naf: '10.71C',
        nafVersion: 'NAFRev2',
        naf2025: '10.71Y',
        aprm: '1071CZ',
        employees: '01',
        lon: 1.355,
        lat: 44.018,
        positionQuality: 'address',
        ess: true,
      },
    ])
  })

  test('reads the other establishments from their one-line address, and when they closed', async () => {
    const other = {
      ...establishment,
      siret: siretAt(2),
      est_siege: false,
      adresse: '3 B QUAI 82000 MONTAUBAN',
      etat_administratif: 'F',
      date_fermeture: '2022-10-22',
    }
    const { establishments } = await read({
      results: [{ ...result, siren: siretAt(2).slice(0, 9), siege: {}, matching_etablissements: [other] }],
    })
    expect(establishments).toMatchObject([
      { addressLine: '3 B QUAI', state: 'closed', closedOn: '2022-10-22', headquarters: false },
    ])
    expect(streetOf('[NON-DIFFUSIBLE] 82000 MONTAUBAN', '')).toBe('')
  })

  test.each([
    ['a sign that is not the name', trader, 'LE FOURNIL'],
    [
      'no sign that carries a manager’s given name',
      { ...trader, siege: { ...office, liste_enseignes: ['CHEZ JEAN'] } },
      null,
    ],
    [
      'no sign that carries the name',
      { ...trader, dirigeants: [], siege: { ...office, liste_enseignes: ['DURAND PAIN'] } },
      null,
    ],
    ['no sign when no name is known', { ...trader, nom_complet: null, dirigeants: [] }, null],
    ['no full name', { ...trader, siege: { ...office, liste_enseignes: null } }, null],
    [
      'nothing when the flag alone says that it is one',
      { ...trader, nature_juridique: '5710', nom_complet: null, nom_raison_sociale: 'LUC DURAND', dirigeants: [] },
      null,
    ],
    [
      'no sign for the flag of sole trader alone',
      { ...trader, nature_juridique: null, siege: { ...office, liste_enseignes: ['DURAND'] } },
      null,
    ],
  ])('shows of a sole trader %s', async (_, value, name) => {
    const found = await read({ results: [value] })
    expect(found.establishments).toMatchObject([{ name, naturalPerson: true }])
    expect(JSON.stringify(found)).not.toMatch(/DURAND|LUC/)
  })

  test('a unit that is not shown has neither name, address nor place', async () => {
    const hidden = '[NON-DIFFUSIBLE]'
    const siege = {
      ...office,
      adresse: hidden,
      libelle_voie: hidden,
      nom_commercial: hidden,
      liste_enseignes: [hidden],
      statut_diffusion_etablissement: 'P',
    }
    const { establishments } = await read({
      results: [{ ...trader, nom_raison_sociale: hidden, statut_diffusion: 'P', siege, matching_etablissements: [] }],
    })
    expect(establishments).toMatchObject([
      { diffusion: 'partial', name: null, addressLine: null, postcode: null, lon: null, lat: null },
    ])
  })

  test('an answer without result has no row', async () => {
    const { done } = await read({ searchTerms: 'x', result: { results: [] } })
    expect(done.totals.rows).toBe(0)
  })
})
