import type { GuideItem } from '../model.ts'

/** A question of the printed guide, in one language. */
export interface PrintedItem {
  id: string
  /** Its place in the whole guide, the same whatever part of it is printed. */
  number: number
  label: string
  question: string
  help: string | null
  examples: string | null
  kind: GuideItem['kind']
  media: GuideItem['media'] | null
  /** What may be ticked; empty where one writes. */
  options: string[]
  unit: string | null
  /** Sectors and crafts that it is for; empty: all, or nothing that the page does not say already. */
  sectors: string[]
  metiers: string[]
  after: { number: number; answers: string[] } | null
  iso26000: GuideItem['iso26000']
  strength: boolean
  ceiling: GuideItem['ceiling'] | null
}

export interface GuidePageData {
  title: string
  version: number
  publishedOn: string
  versions: number[]
  sectors: { slug: string; label: string }[]
  /** The one whose questions alone are shown. */
  sector: { slug: string; label: string } | null
  count: number
  pillars: {
    id: GuideItem['pillar']
    sections: { id: string; label: string; items: PrintedItem[] }[]
  }[]
}
