import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, expectAccessible, test } from './product.ts'

const square = (west: number, south: number) => [
  [west, south],
  [west + 0.1, south],
  [west + 0.1, south + 0.1],
  [west, south + 0.1],
  [west, south],
]

const contours = {
  type: 'FeatureCollection',
  features: [
    ['82121', 1.3, 43.98],
    ['82112', 1.1, 44.08],
  ].map(([code, west, south]) => ({
    type: 'Feature',
    properties: { code },
    geometry: { type: 'Polygon', coordinates: [square(Number(west), Number(south))] },
  })),
}

/** The columns that an export of sirene.fr cannot lack, and four units: one wrong, one of another département. */
const register = `siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement,anneeEffectifsEtablissement,activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement,etablissementSiege,etatAdministratifUniteLegale,statutDiffusionUniteLegale,categorieJuridiqueUniteLegale,denominationUniteLegale,sexeUniteLegale,nomUniteLegale,nomUsageUniteLegale,prenom1UniteLegale,prenomUsuelUniteLegale,pseudonymeUniteLegale,denominationUsuelle1UniteLegale,denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,complementAdresseEtablissement,numeroVoieEtablissement,indiceRepetitionEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,codeCommuneEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement,etatAdministratifEtablissement,enseigne1Etablissement,enseigne2Etablissement,enseigne3Etablissement,denominationUsuelleEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement,caractereEmployeurEtablissement
`

// This journey changes what the product holds.
test.use({ purpose: 'import' })

test.describe('an adviser of the chamber', () => {
  test('signs in once, imports a territory in five clicks, and sees its portrait', async ({ page, product }) => {
    await page.goto('/espace/importer')
    await expect(page).toHaveURL(/\/connexion/)
    await page.goto(product.signInLink())
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Importer un territoire' }).click()
    await expectAccessible(page)

    const [geojson, csv] = [join(product.dataDir, 'contours.geojson'), join(product.dataDir, 'registre.csv')]
    writeFileSync(geojson, JSON.stringify(contours))
    writeFileSync(csv, register + rows().join('\n') + '\n')
    await page.getByLabel('Département').selectOption('12')
    await page.getByLabel('Fichiers du registre Sirene').setInputFiles(csv)
    await page.getByRole('button', { name: 'Importer', exact: true }).click()
    await expect(page.getByRole('alert')).toContainText('Aucune des 4 lignes n’est dans le département 12', {
      timeout: 30_000,
    })
    await expect(page.getByText('Démonstration :')).toBeVisible()
    await page.getByRole('link', { name: 'Importer d’autres fichiers' }).click()
    await page.getByLabel('Département').selectOption('82')
    await page.getByLabel('Contours des communes').setInputFiles(geojson)
    await page.getByLabel('Fichiers du registre Sirene').setInputFiles(csv)
    await page.getByRole('button', { name: 'Importer', exact: true }).click()
    await expect(page.getByText('L’import est terminé.')).toBeVisible({ timeout: 30_000 })
    await expectAccessible(page)
    await expect(page.locator('dt:text-is("Lignes lues") + dd')).toHaveText('4')
    await expect(page.locator('dt:text-is("Acceptées") + dd')).toHaveText('2')
    await expect(page.locator('dt:text-is("Refusées") + dd')).toHaveText('1')
    await expect(page.locator('dt:text-is("Hors du territoire") + dd')).toHaveText('1')
    const report = await page.request.get(
      (await page.getByRole('link', { name: /rapport des refus/ }).getAttribute('href')) as string,
    )
    expect(await report.text()).toContain('siret')

    await page.getByRole('link', { name: 'Voir le portrait du territoire' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tarn-et-Garonne')
    await expect(page.getByText('Démonstration')).toHaveCount(0)
    await expectAccessible(page)
  })

  test.describe('afterwards', () => {
    test.use({ expectedError: /410/ })
    test('the link does not work again', async ({ page, product }) => {
      await page.goto(product.signInLink())
      const answered = page.waitForResponse((response) => response.request().method() === 'POST')
      await page.getByRole('button', { name: 'Se connecter' }).click()
      expect((await answered).status()).toBe(410)
      await expect(page.getByRole('alert')).toContainText('déjà servi')
    })
  })

  test('a visitor reads neither imports nor reports', async ({ request }) => {
    expect((await request.get('/espace/importer', { maxRedirects: 0 })).status()).toBe(303)
    expect((await request.get('/espace/imports/0/rapport.csv')).status()).toBe(401)
    expect((await request.post('/espace/imports', { multipart: { departement: '82' } })).status()).toBe(401)
  })
})

/** Four lines by the header's names. */
function rows(): string[] {
  const header = register.trim().split(',')
  const usual: Record<string, string> = {
    statutDiffusionEtablissement: 'O',
    statutDiffusionUniteLegale: 'O',
    dateCreationEtablissement: '2012-05-01',
    dateDernierTraitementEtablissement: '2024-03-01T10:00:00',
    etablissementSiege: 'true',
    etatAdministratifUniteLegale: 'A',
    categorieJuridiqueUniteLegale: '5499',
    libelleVoieEtablissement: 'DES ARTS',
    typeVoieEtablissement: 'RUE',
    numeroVoieEtablissement: '3',
    codePostalEtablissement: '82000',
    libelleCommuneEtablissement: 'MONTAUBAN',
    codeCommuneEtablissement: '82121',
    etatAdministratifEtablissement: 'A',
    activitePrincipaleEtablissement: '10.71C',
    nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
    caractereEmployeurEtablissement: 'N',
  }
  const units: (Record<string, string> & { siret: string })[] = [
    { siret: '73282932000074', denominationUniteLegale: 'FOURNIL DES ARTS' },
    { siret: '44306184100047', denominationUniteLegale: 'ATELIER DU PONT', activitePrincipaleEtablissement: '43.32A' },
    { siret: '73282932000075', denominationUniteLegale: 'FAUX NUMERO' },
    {
      siret: '55208131766522',
      denominationUniteLegale: 'AILLEURS',
      codeCommuneEtablissement: '31555',
      codePostalEtablissement: '31000',
    },
  ]
  return units.map((unit) => {
    const row: Record<string, string> = { ...usual, ...unit, siren: unit.siret.slice(0, 9), nic: unit.siret.slice(9) }
    return header.map((name) => row[name] ?? '').join(',')
  })
}
