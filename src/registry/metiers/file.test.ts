import { describe, expect, test } from 'vitest'
import { parseMetiers } from './file.ts'
import { referenceMetiers } from './reference.ts'

const known = referenceMetiers()
const header = 'slug;secteur;famille;libelle;definition;naf;aprm'
const parse = (text: string) => parseMetiers(text, 'metiers.csv', known)
const row = (changes: Partial<Record<string, string>> = {}) => {
  const fields = {
    slug: 'luthier',
    secteur: 'fabrication',
    famille: 'Instruments, jeux et objets',
    libelle: 'Luthier',
    definition: 'Construit et règle les violons.',
    naf: '',
    aprm: '3220ZA 3220ZB',
  }
  return Object.values({ ...fields, ...changes }).join(';')
}

describe('CSV of crafts', () => {
  test('a row becomes a craft of a known family, named in either way', () => {
    for (const famille of ['Instruments, jeux et objets', 'instruments-jeux-objets'])
      expect(parse(`\uFEFF${header}\r\n${row({ famille })}\r\n`)).toEqual([
        {
          slug: 'luthier',
          sector: 'making',
          family: 'instruments-jeux-objets',
          familyLabel: { fr: 'Instruments, jeux et objets', en: 'Instruments, toys and objects' },
          label: { fr: 'Luthier', en: 'Luthier' },
          plural: { fr: 'Luthier', en: 'Luthier' },
          definition: { fr: 'Construit et règle les violons.', en: 'Construit et règle les violons.' },
          naf: [],
          naf2025: [],
          aprm: ['3220ZA', '3220ZB'],
          synonyms: { fr: [], en: [] },
          artCraft: false,
          origin: 'metiers.csv',
        },
      ])
  })

  test('optional columns, commas, quotes and a new family', () => {
    const text = `slug,secteur,famille,libelle,definition,libelle_en,definition_en,synonymes,metier d’art,naf\ngemmologue,Services,Gemmes,Gemmologue,"Examine, nomme\net pèse les ""gemmes"".",Gemmologist,Names gems.,"pierre|gemme",oui,"1071A, 46.48Z"`
    expect(parse(text)[0]).toMatchObject({
      sector: 'services',
      family: 'gemmes',
      familyLabel: { fr: 'Gemmes', en: 'Gemmes' },
      definition: { fr: 'Examine, nomme\net pèse les "gemmes".', en: 'Names gems.' },
      synonyms: { fr: ['pierre', 'gemme'] },
      artCraft: true,
      naf: ['10.71A', '46.48Z'],
    })
  })

  test.each([
    ['slug;secteur;famille;libelle\na;b;c;d', 'la colonne « definition » manque'],
    [header, 'il ne contient aucun métier'],
    [`${header}\n\n${row({ slug: 'Luthier d’art' })}`, 'ligne 3, le slug « Luthier d’art » doit être en minuscules'],
    [`${header}\n${row({ secteur: 'agriculture' })}`, 'ligne 2, le secteur « agriculture » n’existe pas'],
    [`${header}\n${row({ famille: '' })}`, 'ligne 2, la famille est vide'],
    [
      `${header}\n${row({ famille: 'viandes' })}`,
      'ligne 2, la famille « Viandes et charcuterie » est d’un autre secteur',
    ],
    [`${header}\n${row({ libelle: '' })}`, 'ligne 2, le libellé est vide'],
    [`${header}\n${row({ definition: '' })}`, 'ligne 2, la définition est vide'],
    [`${header}\n${row({ naf: '10.7C' })}`, 'ligne 2, « 10.7C » n’est pas un code NAF, comme 10.71C'],
    [`${header}\n${row({ aprm: '3220ZA2' })}`, 'ligne 2, « 3220ZA2 » n’est pas un code APRM'],
    [`${header}\n${row()}\n${row({ aprm: '' })}`, 'ligne 3, le slug « luthier » est déjà donné plus haut'],
    [
      `${header}\n${row({ naf: '32.20' })}`,
      'ligne 2, le code NAF « 32.20 » est déjà celui du métier « facteur-instruments-musique »',
    ],
    [
      `${header}\n${row()}\n${row({ slug: 'archetier' })}`,
      'ligne 3, le code APRM « 3220ZA » est déjà celui du métier « luthier »',
    ],
  ])('%j is refused, the line named', (text, why) => {
    expect(() => parse(text)).toThrow(why)
  })

  test('a craft that the file redefines gives its codes up', () => {
    const text = `${header}\n${row({ naf: '32.20' })}\n${row({ slug: 'facteur-instruments-musique', naf: '', aprm: '' })}`
    expect(parse(text).map(({ slug, naf }) => [slug, naf])).toEqual([
      ['luthier', ['32.20']],
      ['facteur-instruments-musique', []],
    ])
  })
})

describe('JSON of crafts', () => {
  test('the product’s own file is read back the same', () => {
    const text = JSON.stringify({
      families: known.map(({ family, familyLabel }) => ({ slug: family, label: familyLabel })),
      metiers: known,
    })
    expect(parseMetiers(text, 'x.json', [])).toEqual(known.map((one) => ({ ...one, origin: 'x.json' })))
    expect(parseMetiers(JSON.stringify(known), 'x.json', known)).toEqual(
      known.map((one) => ({ ...one, origin: 'x.json' })),
    )
  })

  test.each([
    ['{', 'ce n’est pas un JSON valide'],
    ['{"metier":[]}', 'il y manque la liste « metiers »'],
    ['[]', 'il ne contient aucun métier'],
    ['[{"slug":"a","sector":"food","family":"viandes","label":"A"}]', 'métier n° 1, le champ « definition » manque'],
    [
      '[{"slug":"a","sector":"food","family":"viandes","label":"A","definition":"B","naf":[1]}]',
      'métier n° 1, le champ « naf.0 »',
    ],
    [
      '[{"slug":"a","sector":"mode","family":"viandes","label":"A","definition":"B"}]',
      'métier n° 1 (« a »), le secteur « mode »',
    ],
  ])('%s is refused', (text, why) => {
    expect(() => parse(text)).toThrow(why)
  })
})
