import { expect, test } from 'vitest'
import { lightOutline } from './outline.ts'

test('an outline keeps its ends and loses what is nearer than 10 m', () => {
  const ring = [
    [1, 44],
    [1.00001, 44.00001],
    [1.1234567, 44],
    [1, 44.2],
    [1, 44],
  ]
  expect(lightOutline({ type: 'Polygon', coordinates: [ring] })).toEqual({
    type: 'Polygon',
    coordinates: [
      [
        [1, 44],
        [1.12346, 44],
        [1, 44.2],
        [1, 44],
      ],
    ],
  })
})
