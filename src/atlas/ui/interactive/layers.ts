import type { Feature } from 'geojson'
import type { CircleLayerSpecification, GeoJSONSource, ExpressionSpecification, Map as MapLibre } from 'maplibre-gl'
import type { Contour } from '#territory/model'
import { sectors } from '#registry/model'
import { spotSizes } from '../../model.ts'
import type { Colours } from './colours.ts'

/** West, south, east, north, in degrees. */
export type Box = [west: number, south: number, east: number, north: number]

/** Quoted, since a CSS family may not have a bare number. */
const font = ['"Source Sans 3"']

/** The layers that hold establishments: what a pick finds. */
export const unitLayers = ['clusters', 'points']

/** `spotRadius` as MapLibre computes it. */
const groupRadius: ExpressionSpecification = [
  'min',
  spotSizes.most,
  ['+', spotSizes.least, ['*', spotSizes.growth, ['sqrt', ['get', 'count']]]],
]

/** The land, the communes' borders, and the outline of the chosen territory. */
export function addGround(map: MapLibre, colours: Colours, hasBasemap: boolean, outline: Contour | null) {
  map.addSource('communes', { type: 'geojson', data: '/carte/communes.geojson', promoteId: 'code' })
  if (!hasBasemap)
    map.addLayer({ id: 'land', type: 'fill', source: 'communes', paint: { 'fill-color': colours.sheet } })
  map.addLayer({
    id: 'borders',
    type: 'line',
    source: 'communes',
    paint: { 'line-color': colours.line, 'line-width': 0.8 },
  })
  if (!outline) return
  map.addSource('territory', { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: outline } })
  map.addLayer({
    id: 'outline',
    type: 'line',
    source: 'territory',
    paint: { 'line-color': colours['ink-soft'], 'line-width': 2.2 },
  })
}

const around: [anchor: string, x: number, y: number][] = [
  ['top', 0, 1],
  ['bottom', 0, -1],
  ['left', 1, 0],
  ['right', -1, 0],
  ['top-left', 1, 0.5],
  ['top-right', -1, 0.5],
  ['bottom-left', 1, -0.5],
  ['bottom-right', -1, -0.5],
]

/** Where a name may stand, the first room that is free: on its point, or around it, near then far, in font sizes. */
const aside: (string | [number, number])[] = [
  'center',
  [0, 0],
  ...[1.3, 2].flatMap((far) =>
    around.flatMap(([anchor, x, y]): (string | [number, number])[] => [anchor, [x * far, y * far]]),
  ),
]

/** Names of communes: those that come first in the file win the room. */
function addTowns(map: MapLibre, colours: Colours) {
  map.addSource('towns', { type: 'geojson', data: '/carte/towns.geojson' })
  map.addLayer({
    id: 'towns',
    type: 'symbol',
    source: 'towns',
    layout: {
      'text-field': ['get', 'name'],
      'text-font': font,
      'text-size': ['interpolate', ['linear'], ['get', 'rank'], 0, 14, 12, 12],
      'text-variable-anchor-offset': aside,
      'text-padding': 2,
      'text-max-width': 12,
      'symbol-sort-key': ['get', 'rank'],
    },
    paint: { 'text-color': colours['ink-soft'], 'text-halo-color': colours.sheet, 'text-halo-width': 1.6 },
  })
}

const units = (layer: string) => ({ source: 'units', 'source-layer': layer })

function addCircles(map: MapLibre, colours: Colours) {
  const edge = { 'circle-stroke-color': colours.sheet, 'circle-stroke-width': 1.5 }
  const colourOf = ['match', ['get', 'sector'], ...sectors.flatMap((one) => [one, colours[`sector-${one}`]])]
  map.addLayer({
    id: 'points',
    type: 'circle',
    ...units('points'),
    paint: {
      ...edge,
      'circle-radius': spotSizes.single + 0.5,
      'circle-color': [...colourOf, colours['ink-soft']] as unknown as ExpressionSpecification,
    },
  })
  map.addLayer({
    id: 'clusters',
    type: 'circle',
    ...units('clusters'),
    layout: { 'circle-sort-key': ['-', 0, ['get', 'count']] },
    paint: { ...edge, 'circle-radius': groupRadius, 'circle-color': colours.ink },
  })
}

function addRings(map: MapLibre, colours: Colours) {
  const paint = (radius: ExpressionSpecification | number): CircleLayerSpecification['paint'] => ({
    'circle-radius': ['+', 2, radius],
    'circle-opacity': 0,
    'circle-stroke-color': colours.terracotta,
    'circle-stroke-width': 4,
  })
  const layout = { visibility: 'none' as const }
  map.addLayer({ id: 'ringed-points', type: 'circle', ...units('points'), layout, paint: paint(spotSizes.single) })
  map.addLayer({ id: 'ringed-clusters', type: 'circle', ...units('clusters'), layout, paint: paint(groupRadius) })
}

const frame = ([west, south, east, north]: Box): Feature => ({
  type: 'Feature',
  properties: {},
  geometry: {
    type: 'LineString',
    coordinates: [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  },
})

function addFrame(map: MapLibre, colours: Colours) {
  map.addSource('frame', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: 'frame',
    type: 'line',
    source: 'frame',
    paint: { 'line-color': colours.terracotta, 'line-width': 1.5, 'line-dasharray': [3, 2] },
  })
}

function addCounts(map: MapLibre, colours: Colours) {
  map.addLayer({
    id: 'counts',
    type: 'symbol',
    ...units('clusters'),
    layout: {
      'text-field': ['to-string', ['get', 'count']],
      'text-font': font,
      'text-size': 13,
      'text-allow-overlap': true,
      // About the circle around the number, so that no town's name covers it.
      'text-padding': 5,
    },
    paint: { 'text-color': colours.paper },
  })
}

/**
 * Establishments and, without a basemap, names of towns, which no circle is hidden by. MapLibre gives room to the upper
 * layers first: numbers, then names, which move aside.
 * @param filters the filters as an address
 */
export function addUnits(map: MapLibre, filters: string, colours: Colours, hasBasemap: boolean) {
  const query = filters ? `?${filters}` : ''
  const tiles = [`${location.origin}/tiles/atlas/{z}/{x}/{y}.mvt${query}`]
  map.addSource('units', { type: 'vector', tiles, maxzoom: 16 })
  addFrame(map, colours)
  if (!hasBasemap) addTowns(map, colours)
  addCircles(map, colours)
  addRings(map, colours)
  addCounts(map, colours)
}

const ringed = {
  'ringed-clusters': ['west', 'south', 'east', 'north'],
  'ringed-points': ['lon', 'lat', 'lon', 'lat'],
} as const

/** Frames a box and rings what lies inside, or nothing. */
export function choose(map: MapLibre, box: Box | null) {
  map.getSource<GeoJSONSource>('frame')!.setData({ type: 'FeatureCollection', features: box ? [frame(box)] : [] })
  for (const [layer, [west, south, east, north]] of Object.entries(ringed)) {
    map.setLayoutProperty(layer, 'visibility', box ? 'visible' : 'none')
    if (!box) continue
    map.setFilter(layer, [
      'all',
      ['>=', ['get', west], box[0]],
      ['>=', ['get', south], box[1]],
      ['<=', ['get', east], box[2]],
      ['<=', ['get', north], box[3]],
    ])
  }
}
