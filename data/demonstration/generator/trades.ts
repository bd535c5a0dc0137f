import type { Sector } from '../../../src/registry/model.ts'
import { readTable } from './tables.ts'

export interface Trade {
  /** Null: not a craft. */
  sector: Sector | null
  naf: string
  naf2025: string
  /** As public exports write it; where none was seen, the NAF code and Z, which is how an undivided class is written. */
  aprm: string | null
  weight: number
  /** Share of companies; the others are natural persons. */
  companies: number
  /** Words that name the trade. */
  words: string[]
  /** Invented names, each given once. */
  signs: string[]
  /** Communes where the trade is at home. */
  places: string[]
}

const columns = ['sector', 'naf', 'naf2025', 'aprm', 'weight', 'companies', 'words', 'signs', 'places'] as const

const list = (text: string) => text.split('|').filter(Boolean)

/** The trades of the territory. */
export const readTrades = (): Trade[] =>
  readTable('trades.csv', columns).map(({ sector, naf, naf2025, aprm, ...row }) => ({
    sector: sector === 'none' ? null : (sector as Sector),
    naf,
    naf2025,
    aprm: aprm || null,
    weight: Number(row.weight),
    companies: Number(row.companies),
    words: list(row.words),
    signs: list(row.signs),
    places: list(row.places),
  }))

/** How many units each trade has, so that the total is exact (largest remainders). */
export function share(trades: readonly Trade[], total: number): Map<Trade, number> {
  const weights = trades.reduce((sum, trade) => sum + trade.weight, 0)
  const exact = trades.map((trade) => ({ trade, quota: (trade.weight / weights) * total }))
  const left = total - exact.reduce((sum, { quota }) => sum + Math.floor(quota), 0)
  const byRemainder = exact.toSorted((a, b) => (b.quota % 1) - (a.quota % 1))
  return new Map(byRemainder.map(({ trade, quota }, rank) => [trade, Math.floor(quota) + (rank < left ? 1 : 0)]))
}
