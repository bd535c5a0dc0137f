import type { Page } from '@playwright/test'
import { openAsAdministrator } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'
import {
  answersOf,
  check,
  find,
  listUnits,
  openApp,
  openHolder,
  openPhone,
  openSurveyor,
  sendAll,
  takeTerritory,
  title,
  type Unit,
} from './surveyors.ts'

// Two bodies are told different things by one artisan; an expert settles it, the artisan contests, then withdraws.
test.use({ purpose: 'survey-settled' })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

const nearby = 'Achète sa matière principale à moins de 50 km'
const reasonOfChoice = 'Première raison du choix de la matière'
const chamber = 'Chambre d’essai'
const federation = 'Fédération d’essai'

let chief: Page
let ines: Page
let hugo: Page
let aline: Page
let paul: Page
/** Somebody whom nobody knows, without JavaScript. */
let visitor: Page
let unit: Unit
let enterprise: string

const practicesOf = async ({ siret }: Unit) =>
  (await (await visitor.request.get(`/api/practices?siret=${siret}&craft=all`)).json()) as {
    numberMatched: number
    items: { item: string; state: string; value: unknown; bodies: string[] }[]
  }

test.beforeAll(async ({ browser, product }) => {
  test.setTimeout(120_000)
  chief = await openAsAdministrator(browser, product)
  visitor = await openPhone({ browser, product }, { javaScriptEnabled: false })
  unit = (await listUnits(chief))[0]!
  enterprise = `/entreprises/${unit.siret}`
  const house = { browser, product, chief }
  ;({ phonePage: ines } = await openSurveyor(house, { body: chamber, name: 'Inès', mail: 'ines@essai.example' }))
  ;({ phonePage: hugo } = await openSurveyor(house, { body: federation, name: 'Hugo', mail: 'hugo@essai.example' }))
  const expert = { body: 'Parc d’essai', name: 'Aline', mail: 'aline@essai.example', role: 'Expert :' }
  ;({ phonePage: aline } = await openSurveyor(house, { ...expert, actions: ['validate'] }))
  paul = await openHolder(house, unit, { name: 'Paul', mail: 'paul@essai.example' })
})
test.afterAll(async () => {
  for (const page of [chief, ines, hugo, aline, paul, visitor]) await page?.context().close()
})

/** Looks at a page of somebody's phone, without a script too. */
async function expectGood(page: Page) {
  await expectNoSideScroll(page)
  await expectAccessible(page)
}

/** In a visit: two answers, and the artisan agrees on the spot that everybody reads them. */
async function askAndAgree(page: Page, answer: string, choice: string) {
  const overview = new URL(page.url()).hash
  await page.goto(`/enquete${overview}/question/materials-nearby`)
  await page.getByRole('radio', { name: answer }).tap()
  await expect(title(page)).toHaveText('Pourquoi avez-vous choisi cette matière ?')
  await page.getByRole('radio', { name: choice }).tap()
  await page.goto(`/enquete${overview}/accord`)
  await page.getByLabel('Tout le monde').check()
  await page.getByLabel('Montrer les métiers et les entreprises sur ce site').check()
  await page.getByRole('button', { name: 'D’accord', exact: true }).tap()
  await expect(page.getByRole('link', { name: 'L’artisan est d’accord' })).toBeVisible()
  await sendAll(page)
}

const told = () => visitor.getByRole('region', { name: 'Points forts' })
/** What the enterprise's page says of the disputed strong point. */
const point = () =>
  told()
    .getByRole('listitem')
    .filter({ has: visitor.getByRole('link', { name: nearby }) })

/** The line of the enterprise on the page of the practice, where all answers are asked for. */
async function lineOfPractice() {
  await visitor.goto('/pratiques/materials-nearby?territory=000000001')
  await visitor.getByLabel('Réponses').selectOption({ label: 'Toutes les réponses' })
  await visitor.getByRole('button', { name: 'Afficher' }).click()
  return visitor.getByRole('row').filter({ hasText: unit.name })
}

test('two bodies ask the same questions and are not told the same; the artisan lets everybody read both', async () => {
  await openApp(ines)
  await takeTerritory(ines)
  await ines.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await find(ines, unit)
  await expect(title(ines)).toHaveText(unit.name)
  await askAndAgree(ines, 'Oui', 'on la trouve ici')

  // Without the territory: he finds the enterprise on line, with what was asked since.
  await openApp(hugo)
  await hugo.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await find(hugo, unit)
  await expect(hugo.getByText(`par ${chamber}.`)).toBeVisible()
  await hugo.getByLabel('L’artisan le demande').check()
  await hugo.getByRole('button', { name: 'Continuer quand même' }).tap()
  await hugo.getByRole('link', { name: 'Ce que d’autres ont dit' }).tap()
  await expect(hugo.getByRole('listitem').filter({ hasText: chamber })).toHaveText([/Oui/, /on la trouve ici/])
  await check(hugo)
  await hugo.getByRole('link', { name: 'Retour' }).tap()
  await askAndAgree(hugo, 'Non', 'son prix')
})

test('the public reads that both stand, on the enterprise’s page and on the practice’s', async () => {
  await visitor.goto(enterprise)
  await expect(point()).toMatchAriaSnapshot(`
    - listitem:
      - link "${nearby}"
      - strong: avis partagés
      - text: "Les avis diffèrent :"
      - list:
        - listitem: /oui, d’après ${chamber}, le .+/
        - listitem: /non, d’après ${federation}, le .+/
  `)
  await expect(told().getByRole('definition').filter({ hasText: 'avis partagés' })).toContainText(
    /on la trouve ici, d’après Chambre d’essai.+son prix, d’après Fédération d’essai/s,
  )
  const line = await lineOfPractice()
  await expect(line).toContainText(/avis partagés\s+Chambre d’essai et Fédération d’essai, le /)
  await expectNoSideScroll(visitor)
  expect((await practicesOf(unit)).items).toMatchObject([
    { item: 'material-choice', state: 'tied', value: null },
    { item: 'materials-nearby', state: 'tied', value: null, bodies: [chamber, federation] },
  ])
})

test('an expert whose convention lets her validate settles it, and says why', async () => {
  await aline.goto('/espace')
  await aline.getByRole('link', { name: 'À vérifier' }).tap()
  const disputed = aline.getByRole('article').filter({ has: aline.getByRole('link', { name: unit.name }) })
  await expect(disputed.filter({ hasText: reasonOfChoice }).getByRole('radio')).toHaveCount(2)
  await expect(disputed.filter({ hasText: reasonOfChoice }).getByRole('radio', { name: /^son prix/ })).toBeVisible()
  const one = disputed.filter({ hasText: nearby })
  await one.getByRole('radio', { name: `oui, ${chamber}` }).check()
  await one.getByLabel('Pourquoi ce choix').fill('Vu les factures de la scierie du bourg')
  await expectGood(aline)
  await one.getByRole('button', { name: 'Trancher' }).tap()
  await expect(aline.getByRole('status')).toContainText('C’est tranché')
  await expect(disputed.filter({ hasText: nearby })).toHaveCount(0)

  await visitor.goto(enterprise)
  await expect(point()).toContainText(`d’après ${chamber}`)
  await expect(point()).toContainText('Pourquoi : Vu les factures de la scierie du bourg')
  await expect(point()).not.toContainText('avis partagés')
  await expect(await lineOfPractice()).toContainText('oui (tranché par un expert)')
})

test('the body that was told otherwise has its disagreement noted', async () => {
  await hugo.goto(enterprise)
  await hugo.getByRole('link', { name: 'Signaler une erreur ou compléter' }).tap()
  await hugo.getByLabel('Avec quoi n’êtes-vous pas d’accord').selectOption({ label: `${nearby} : oui` })
  await hugo.getByLabel('Pourquoi n’êtes-vous pas d’accord').fill('Le bois vu à l’atelier vient de Lettonie')
  await hugo.getByRole('button', { name: 'Noter le désaccord' }).tap()
  await expect(hugo.getByRole('status')).toContainText('votre organisme n’est pas d’accord')
  await visitor.goto(enterprise)
  await expect(point()).toContainText(`N’est pas d’accord : ${federation}`)
})

test('the artisan contests it from his own space, and both pages say so', async () => {
  await paul.goto('/espace/entreprise')
  await paul.getByRole('link', { name: 'Lire et corriger ce qui est noté' }).tap()
  await paul.getByRole('link', { name: 'Contester une réponse' }).tap()
  await expect(paul.getByRole('heading', { name: 'Contester ce qui est affiché' })).toBeInViewport()
  await paul.getByLabel('Que contestez-vous').selectOption({ label: `${nearby} : oui` })
  await paul.getByLabel('Pourquoi contestez-vous').fill('J’ai changé de scierie cette année')
  await expectGood(paul)
  await paul.getByRole('button', { name: 'Contester' }).tap()
  await expect(paul.getByRole('status')).toContainText('vous contestez')

  await visitor.goto(enterprise)
  await expect(point().getByText('contesté par l’artisan')).toBeVisible()
  await expect(await lineOfPractice()).toContainText('oui (contesté par l’artisan)')
  // The question is open again for those who settle.
  await aline.goto('/espace/moderation')
  await expect(aline.getByRole('article').filter({ hasText: nearby }).filter({ hasText: unit.name })).toBeVisible()
})

/** Withdraws the agreement to the visit of a body, then waits, one second at most, until nobody reads what must be gone. */
async function withdraw(body: string, isGone: () => Promise<boolean>) {
  await paul.getByRole('button', { name: new RegExp(`^Retirer .+${body}`) }).tap()
  await expect(paul.getByRole('status')).toBeVisible()
  await expect.poll(isGone, { timeout: 1000 }).toBe(true)
}
const pageSays = async (text: string) => (await (await visitor.request.get(enterprise)).text()).includes(text)

test('the artisan withdraws one agreement, then the other: each answer is gone within a second', async () => {
  const entries = (await answersOf(ines, unit)).map(({ entry }) => entry)
  await paul.goto(enterprise)
  await paul.getByRole('link', { name: 'Voir ou retirer mes accords' }).tap()
  await expect(title(paul)).toHaveText('Mes données et mes accords')
  await expectGood(paul)
  await withdraw(chamber, async () => {
    const { items } = await practicesOf(unit)
    return !(await pageSays(chamber)) && items.every(({ bodies }) => !bodies.includes(chamber))
  })
  await visitor.goto(enterprise)
  await expect(point()).toContainText('contesté par l’artisan')
  await expect(point()).not.toContainText('Vu les factures')
  expect((await practicesOf(unit)).items).toMatchObject([{ bodies: [federation] }, { bodies: [federation] }])

  await withdraw(federation, async () => (await practicesOf(unit)).numberMatched === 0 && !(await pageSays(federation)))
  await visitor.goto(enterprise)
  await expect(told()).toContainText('Aucun point fort n’est encore raconté')
  await expect(await lineOfPractice()).toHaveCount(0)
  const retired = (await (await visitor.request.get('/api/retired?kind=statement')).json()) as {
    items: { id: string }[]
  }
  expect(retired.items.map(({ id }) => id)).toEqual(expect.arrayContaining(entries))
  await aline.goto('/espace/moderation')
  await expect(title(aline)).toHaveText('À vérifier')
  await expect(aline.getByRole('article').filter({ hasText: unit.name })).toHaveCount(0)
})
