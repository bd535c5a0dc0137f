import type { App } from '#platform'
import type { Lang } from '#platform/model'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { displayValue } from '#statements'
import { answers, type Answer } from '#statements/model'
import type { Guide, GuideItem } from '../model.ts'
import { isRelevant, type GuideContext } from '../ui/guide/relevance.ts'
import { guideOfText, listGuides } from './guides.ts'
import type { GuidePageData, PrintedItem } from './model.ts'

interface Names {
  sectors: ReadonlyMap<string, string>
  metiers: ReadonlyMap<string, string>
}

const answerWord = (answer: Answer, lang: Lang) => displayValue({ kind: 'answer', answer }, lang)

function optionWord(item: GuideItem, option: string, lang: Lang): string {
  const choice = item.choices?.find(({ id }) => id === option)
  return choice?.label[lang] ?? answerWord(option as Answer, lang)
}

function printed(item: GuideItem, guide: Guide, names: Names, lang: Lang): PrintedItem {
  const numberOf = (id: string) => guide.items.findIndex((one) => one.id === id)
  const { when, sectors = [], metiers = [] } = item.relevance ?? {}
  const options = item.kind === 'answer' ? answers : (item.choices?.map(({ id }) => id) ?? [])
  return {
    id: item.id,
    number: numberOf(item.id) + 1,
    label: item.label[lang],
    question: item.question[lang],
    help: item.help?.[lang] ?? null,
    examples: item.examples?.[lang] ?? null,
    kind: item.kind,
    media: item.media ?? null,
    options: options.map((one) => optionWord(item, one, lang)),
    unit: item.unit ?? null,
    sectors: sectors.map((one) => names.sectors.get(one) ?? one),
    metiers: metiers.map((one) => names.metiers.get(one) ?? one),
    after: when
      ? {
          number: numberOf(when.item) + 1,
          answers: when.in.map((one) => optionWord(guide.items[numberOf(when.item)]!, one, lang)),
        }
      : null,
    iso26000: item.iso26000,
    strength: item.strength,
    ceiling: item.ceiling ?? null,
  }
}

/** Whether an item may be asked in a sector, whatever the answers to other items. */
function concerns({ relevance }: GuideItem, sector: string | null): boolean {
  const context: GuideContext = { answers: {}, sector, metier: null }
  return isRelevant({ relevance: { ...relevance, when: undefined } }, context)
}

function pillarsOf(guide: Guide, items: readonly PrintedItem[], lang: Lang): GuidePageData['pillars'] {
  const sectionOf = new Map(guide.items.map(({ id, section }) => [id, section]))
  const sections = guide.sections
    .map(({ id, pillar, label }) => ({
      pillar,
      section: { id, label: label[lang], items: items.filter((one) => sectionOf.get(one.id) === id) },
    }))
    .filter(({ section }) => section.items.length > 0)
  return [...new Set(sections.map(({ pillar }) => pillar))].map((id) => ({
    id,
    sections: sections.filter(({ pillar }) => pillar === id).map(({ section }) => section),
  }))
}

/**
 * The guide to print, in one language.
 * @param parameters `version` (the latest when absent), `sector` (all when absent or unknown)
 * @throws {UserError} 400, 404 for a version that does not exist
 */
export async function guidePage(app: App, lang: Lang, parameters: URLSearchParams): Promise<GuidePageData> {
  const guide = guideOfText(parameters.get('version'))
  const tree = await listMetierTree(app.db)
  const sectors = tree.map(({ slug, label }) => ({ slug, label: label[lang] }))
  const sector = sectors.find(({ slug }) => slug === parameters.get('sector')) ?? null
  const names = {
    sectors: new Map(sectors.map(({ slug, label }) => [slug as string, label])),
    metiers: new Map(metiersOfTree(tree).map(({ slug, label }) => [slug, label[lang]])),
  }
  const items = guide.items
    .filter((one) => concerns(one, sector?.slug ?? null))
    .map((one) => printed(one, guide, names, lang))
    .map((one) => (sector ? { ...one, sectors: [] } : one))
  return {
    title: guide.title[lang],
    version: guide.version,
    publishedOn: guide.publishedOn,
    versions: listGuides().map((one) => one.version),
    sectors,
    sector,
    count: items.length,
    pillars: pillarsOf(guide, items, lang),
  }
}
