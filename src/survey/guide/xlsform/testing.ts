import type { Guide, GuideItem } from '../../model.ts'

const item = (id: string, rest: Partial<GuideItem> & Pick<GuideItem, 'kind'>): GuideItem => ({
  id,
  pillar: 'environment',
  section: 'wood',
  label: { fr: `Dit ${id}`, en: `Says ${id}` },
  question: { fr: `Que dire de ${id} ?`, en: `What about ${id}?` },
  iso26000: '6.5',
  strength: false,
  windowDays: 365,
  ...rest,
})

/** A small guide that has each kind of item, and each kind of condition. */
export const everyKind: Guide = {
  version: 7,
  title: { fr: 'Petit guide', en: 'Small guide' },
  publishedOn: '2026-11-01',
  sections: [
    { id: 'wood', pillar: 'environment', label: { fr: 'Le bois', en: 'Wood' } },
    { id: 'people', pillar: 'social', label: { fr: 'Les gens', en: 'People' } },
  ],
  items: [
    item('wood-nearby', {
      kind: 'answer',
      question: { fr: 'Votre bois, d’où vient-il ?', en: 'Where does your wood come from?' },
      help: { fr: 'Un « à peu près » suffit.', en: 'Roughly is enough.' },
      examples: { fr: 'noyer, chêne', en: 'walnut, oak' },
      strength: true,
    }),
    item('wood-share', {
      kind: 'number',
      unit: '%',
      relevance: { when: { item: 'wood-nearby', in: ['yes', 'partly'] }, sectors: ['making'] },
      ceiling: 'partners',
    }),
    item('wood-radius', { kind: 'number', unit: 'km', help: { fr: 'À vol d’oiseau.', en: 'As the crow flies.' } }),
    item('wood-kind', {
      kind: 'choice',
      choices: [
        { id: 'oak', label: { fr: 'Chêne', en: 'Oak' } },
        { id: 'walnut', label: { fr: 'Noyer', en: 'Walnut' } },
      ],
    }),
    item('wood-word', { kind: 'text', relevance: { when: { item: 'wood-kind', in: ['oak'] } }, windowDays: null }),
    item('forest', { kind: 'place', relevance: { metiers: ['mason'] } }),
    item('picture', { kind: 'file', media: 'picture' }),
    item('sound', { kind: 'file', media: 'sound', pillar: 'social', section: 'people' }),
    item('supplier', { kind: 'enterprise', pillar: 'social', section: 'people' }),
    item('master', { kind: 'person', pillar: 'social', section: 'people', ceiling: 'body' }),
  ],
}
