import { expect, test } from 'vitest'
import { faults } from './lib/sync-faults.ts'
import { add, emptyTally, playOne } from './lib/sync-run.ts'

const histories = 2000

test(
  'no history of devices and server under faults loses, doubles or parts anything',
  { timeout: 120_000 },
  async () => {
    const sum = emptyTally()
    for (let seed = 1; seed <= histories; seed++) add(sum, await playOne(seed))
    expect(sum.examples).toEqual([])
    expect(sum).toMatchObject({ histories, lost: 0, doubled: 0, diverged: 0 })
    expect(faults.filter((fault) => (sum.faults.get(fault) ?? 0) < histories / 100)).toEqual([])
  },
)
