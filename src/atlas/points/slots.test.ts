import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlotTable } from './slots.ts'

test('the table knows the last slot of every id, as a Map does', () => {
  const id = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), id, (list, other) => {
      const ids = Uint32Array.from(list)
      const table = new SlotTable(0)
      const map = new Map<number, number>()
      for (const [slot, one] of list.entries()) {
        table.put(ids, slot)
        map.set(one, slot)
      }
      for (const one of [...list, other]) expect(table.get(ids, one)).toBe(map.get(one) ?? -1)
    }),
  )
})
