import { sql } from '#platform'
import { defineLayer } from '#registry'
import { practicesMessages } from './messages.ts'

const explanation = {
  fr: 'Entreprises qui ont raconté au moins un de ces points forts, et accepté que cela se voie. Les autres ont pu ne pas être interrogées.',
  en: 'Enterprises that told at least one of these strong points, and agreed that it is shown. Others may not have been asked.',
}

/** Enterprises with a strong point that everybody may read, of any pillar and of each, as layers of the maps and lists. */
export function definePracticeLayers(): void {
  const { fr, en } = practicesMessages
  defineLayer({
    id: 'practices',
    label: { fr: 'Pratiques exemplaires', en: 'Exemplary practices' },
    explanation,
    sirets: sql`select p.siret from survey.public_practice p where p.strength and p.done`,
  })
  for (const pillar of ['environment', 'economic', 'social'] as const)
    defineLayer({
      id: `practices-${pillar}`,
      label: { fr: `Pratiques : ${fr.pillars[pillar]}`, en: `Practices: ${en.pillars[pillar]}` },
      explanation,
      sirets: sql`select p.siret from survey.public_practice p
        where p.strength and p.done and p.pillar = ${sql.lit(pillar)}`,
    })
}
