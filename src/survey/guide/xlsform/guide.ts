import type { Disclosure } from '#accounts/model'
import type { Label } from '#statements/model'
import type { Guide, GuideItem, GuideSection } from '../../model.ts'
import { relevanceOf } from './condition.ts'
import type { FormNode, Texts, XlsForm } from './model.ts'
import { languages, sectionPrefix } from './names.ts'

const labelOf = (texts: Texts | undefined): Label | undefined => {
  const fr = texts?.[languages.fr]
  const en = texts?.[languages.en]
  return fr !== undefined && en !== undefined ? { fr, en } : undefined
}

/** Help without the unit that the form adds to it. */
function helpOf(node: FormNode, unit: string | undefined): Label | undefined {
  const hint = labelOf(node.texts['hint'])
  if (!hint || unit === undefined) return hint
  const without = (text: string) => text.slice(0, -`(${unit})`.length).trimEnd()
  return without(hint.fr) === '' ? undefined : { fr: without(hint.fr), en: without(hint.en) }
}

const defined = <T extends object>(parts: T): T =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T

function itemOf(node: FormNode, section: GuideSection, { choices }: XlsForm): GuideItem | null {
  const { name, type, fields, texts } = node
  const label = labelOf({
    [languages.fr]: fields['guide_label_fr'] ?? '',
    [languages.en]: fields['guide_label_en'] ?? '',
  })
  const question = labelOf(texts['label'])
  if (fields['guide_kind'] === undefined || !label || !question) return null
  const kind = fields['guide_kind'] as GuideItem['kind']
  const unit = fields['guide_unit']
  const days = fields['guide_window_days']
  return defined<{ [Part in keyof GuideItem]: GuideItem[Part] | undefined }>({
    id: name,
    pillar: section.pillar,
    section: section.id,
    kind,
    media: kind === 'file' ? (type === 'audio' ? 'sound' : 'picture') : undefined,
    label,
    question,
    help: helpOf(node, unit),
    examples: labelOf(texts['guidance_hint']),
    unit,
    choices:
      kind === 'choice'
        ? choices[name]?.map((one) => ({ id: one.name, label: labelOf(one.texts['label'])! }))
        : undefined,
    iso26000: fields['guide_iso26000'] as GuideItem['iso26000'],
    relevance: fields['relevant'] === undefined ? undefined : (relevanceOf(fields['relevant']) ?? undefined),
    strength: fields['guide_strength'] === 'yes',
    ceiling: fields['guide_ceiling'] as Disclosure | undefined,
    windowDays: days === undefined ? null : Number(days),
  }) as GuideItem
}

/** The guide that `guideToXlsform` wrote; rows that it did not write are left out. */
export function guideOfXlsform(form: XlsForm): Guide {
  const { settings } = form
  const sections = form.nodes.flatMap((node) => {
    const label = labelOf(node.texts['label'])
    if (!node.name.startsWith(sectionPrefix) || !label || !node.children) return []
    const pillar = node.fields['guide_pillar'] as GuideSection['pillar']
    return [{ section: { id: node.name.slice(sectionPrefix.length), pillar, label }, children: node.children }]
  })
  return {
    version: Number(settings['version']),
    title: { fr: settings['form_title'] ?? '', en: settings['guide_title_en'] ?? '' },
    publishedOn: settings['guide_published_on'] ?? '',
    sections: sections.map(({ section }) => section),
    items: sections.flatMap(({ section, children }) => children.flatMap((node) => itemOf(node, section, form) ?? [])),
  }
}
