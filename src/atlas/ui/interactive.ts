import { replaceState } from '$app/navigation'
import { Map as MapLibre, NavigationControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { viewParameter, type MapView } from '../model.ts'

export interface MapOptions {
  container: HTMLElement
  view: MapView
  /** The filters as an address. */
  filters: string
  /** Width in pixels of the drawn map that shows this view. */
  drawnWidth: number
  label: string
  onGroup: (bounds: number[], view: MapView) => void
}

/** Quoted, since a CSS family may not have a bare number. */
const font = ['"Source Sans 3"']

const sectors = ['food', 'building', 'making', 'services'] as const

/** Colours of the page's tokens, resolved as the browser draws them. */
function readColours(container: HTMLElement) {
  const probe = document.createElement('span')
  container.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const names = [
    'ink',
    'paper',
    'paper-deep',
    'sheet',
    'line',
    'line-strong',
    'ink-soft',
    ...sectors.map((one) => `sector-${one}`),
  ]
  const colours = Object.fromEntries(names.map((name) => [name, colour(name)]))
  probe.remove()
  return colours as Record<string, string>
}

/** The address of the configured basemap's style, else our own sheet of paper. */
async function readStyle(
  colours: Record<string, string>,
): Promise<{ style: string | StyleSpecification; hasBasemap: boolean }> {
  const answer = await fetch('/carte/style.json')
  const { style } = (await answer.json()) as { style: string | null }
  if (style) return { style, hasBasemap: true }
  const paper = { id: 'paper', type: 'background' as const, paint: { 'background-color': colours['paper-deep']! } }
  return { style: { version: 8, sources: {}, layers: [paper] }, hasBasemap: false }
}

function addGround(map: MapLibre, colours: Record<string, string>, hasBasemap: boolean) {
  map.addSource('communes', { type: 'geojson', data: '/carte/communes.geojson', promoteId: 'code' })
  if (!hasBasemap)
    map.addLayer({ id: 'land', type: 'fill', source: 'communes', paint: { 'fill-color': colours.sheet! } })
  map.addLayer({
    id: 'borders',
    type: 'line',
    source: 'communes',
    paint: { 'line-color': colours.line!, 'line-width': 0.8 },
  })
  if (hasBasemap) return
  map.addLayer({
    id: 'towns',
    type: 'symbol',
    source: 'communes',
    layout: {
      'text-field': ['get', 'name'],
      'text-font': font,
      'text-size': 12,
      'symbol-sort-key': ['-', 0, ['get', 'population']],
    },
    paint: { 'text-color': colours['ink-soft']!, 'text-halo-color': colours.sheet!, 'text-halo-width': 1.5 },
  })
}

function addUnits(map: MapLibre, filters: string, colours: Record<string, string>) {
  const query = filters ? `?${filters}` : ''
  map.addSource('units', {
    type: 'vector',
    tiles: [`${location.origin}/tiles/atlas/{z}/{x}/{y}.mvt${query}`],
    maxzoom: 16,
  })
  map.addLayer({
    id: 'points',
    type: 'circle',
    source: 'units',
    'source-layer': 'points',
    paint: {
      'circle-radius': 6.5,
      'circle-color': [
        'match',
        ['get', 'sector'],
        ...sectors.flatMap((one) => [one, colours[`sector-${one}`]!]),
        colours['ink-soft']!,
      ] as never,
      'circle-stroke-color': colours.sheet!,
      'circle-stroke-width': 1.5,
    },
  })
  map.addLayer({
    id: 'clusters',
    type: 'circle',
    source: 'units',
    'source-layer': 'clusters',
    paint: {
      'circle-radius': ['min', 34, ['+', 9, ['*', 2.6, ['sqrt', ['get', 'count']]]]],
      'circle-color': colours.ink!,
      'circle-opacity': 0.82,
      'circle-stroke-color': colours.sheet!,
      'circle-stroke-width': 1.5,
    },
  })
  map.addLayer({
    id: 'counts',
    type: 'symbol',
    source: 'units',
    'source-layer': 'clusters',
    layout: {
      'text-field': ['to-string', ['get', 'count']],
      'text-font': font,
      'text-size': 13,
      'text-allow-overlap': true,
    },
    paint: { 'text-color': colours.paper! },
  })
}

/** How much nearer this map is than the drawn one for the same view, since its frame is larger or smaller. */
const zoomShift = (container: HTMLElement, drawnWidth: number) =>
  Math.log2(Math.max(1, container.clientWidth) / drawnWidth)

function viewOfMap(map: MapLibre, drawnWidth: number): MapView {
  const { lng, lat } = map.getCenter()
  const zoom = map.getZoom() - zoomShift(map.getContainer(), drawnWidth)
  return { zoom: Number(zoom.toFixed(2)), lat: Number(lat.toFixed(5)), lon: Number(lng.toFixed(5)) }
}

/** Keeps the address a permalink of what the map shows, without a new page. */
function keepAddress(map: MapLibre, drawnWidth: number) {
  const address = new URL(location.href)
  address.searchParams.set('vue', viewParameter(viewOfMap(map, drawnWidth)))
  replaceState(address, {})
}

function listenToPicks(map: MapLibre, drawnWidth: number, onGroup: MapOptions['onGroup']) {
  const pick = (x: number, y: number, reach: number) => {
    const box: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ]
    const [found] = map.queryRenderedFeatures(box, { layers: ['clusters', 'points'] })
    if (!found) return
    const { west, south, east, north, siret } = found.properties as Record<string, number> & { siret?: string }
    if (siret) location.assign(`${location.pathname.startsWith('/en/') ? '/en' : ''}/entreprises/${siret}`)
    else onGroup([west!, south!, east!, north!], viewOfMap(map, drawnWidth))
  }
  map.on('click', ({ point }) => pick(point.x, point.y, 6))
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    const { clientWidth, clientHeight } = map.getCanvas()
    pick(clientWidth / 2, clientHeight / 2, 40)
  })
  for (const layer of ['clusters', 'points']) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'))
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''))
  }
}

/**
 * Opens MapLibre in a container and moves the focus to it.
 * @returns a function that closes it
 */
export async function openMap({
  container,
  view,
  drawnWidth,
  filters,
  label,
  onGroup,
}: MapOptions): Promise<() => void> {
  setWorkerUrl(workerUrl)
  const colours = readColours(container)
  const { style, hasBasemap } = await readStyle(colours)
  const map = new MapLibre({
    container,
    style,
    center: [view.lon, view.lat],
    zoom: view.zoom + zoomShift(container, drawnWidth),
    maxZoom: 18,
    attributionControl: { compact: true },
    locale: { 'Map.Title': label },
    pitchWithRotate: false,
    dragRotate: false,
  })
  map.addControl(new NavigationControl({ showCompass: false }))
  await map.once('load')
  addGround(map, colours, hasBasemap)
  addUnits(map, filters, colours)
  map.on('moveend', () => keepAddress(map, drawnWidth))
  listenToPicks(map, drawnWidth, onGroup)
  await map.once('idle')
  map.getCanvas().focus()
  return () => map.remove()
}
