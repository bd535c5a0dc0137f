import { Map as MapLibre, NavigationControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Contour } from '#territory/model'
import { viewParameter, type MapView } from '../model.ts'
import { readColours, type Colours } from './interactive/colours.ts'
import { addGround, addUnits, choose, unitLayers, type Box } from './interactive/layers.ts'

export interface MapEvents {
  /** Somebody picked a group: its bounds. */
  onGroup: (bounds: Box) => void
  /** Somebody picked an establishment. */
  onUnit: (siret: string) => void
  /** Enter was pressed where there is nothing. */
  onNothing: () => void
  /** The map shows another view. */
  onMove: (view: MapView) => void
}

export interface MapOptions extends MapEvents {
  container: HTMLElement
  view: MapView
  /** The filters as an address. */
  filters: string
  /** The border of the chosen territory. */
  outline: Contour | null
  /** Width in pixels of the drawn map that shows this view. */
  drawnWidth: number
  /** Texts of MapLibre's controls, by its own keys. */
  locale: Record<string, string>
}

export interface OpenMap {
  /** Moves to a view, unless the map shows it already. */
  show(view: MapView): void
  /** Marks a box, and the groups and units inside. */
  choose(box: Box | null): void
  focus(): void
  close(): void
}

/** The address of the configured basemap's style, else our own sheet of paper. */
async function readStyle(colours: Colours): Promise<{ style: string | StyleSpecification; hasBasemap: boolean }> {
  const answer = await fetch('/carte/style.json')
  const { style } = (await answer.json()) as { style: string | null }
  if (style) return { style, hasBasemap: true }
  const paper = { id: 'paper', type: 'background' as const, paint: { 'background-color': colours['paper-deep'] } }
  return { style: { version: 8, sources: {}, layers: [paper] }, hasBasemap: false }
}

/** How much nearer this map is than the drawn one for the same view, since its frame is larger or smaller. */
const zoomShift = (container: HTMLElement, drawnWidth: number) =>
  Math.log2(Math.max(1, container.clientWidth) / drawnWidth)

function viewOfMap(map: MapLibre, drawnWidth: number): MapView {
  const { lng, lat } = map.getCenter()
  const zoom = map.getZoom() - zoomShift(map.getContainer(), drawnWidth)
  return { zoom: Number(zoom.toFixed(2)), lat: Number(lat.toFixed(5)), lon: Number(lng.toFixed(5)) }
}

/** Pixels around a click, and around the centre when Enter is pressed, in which something is picked. */
const reach = { pointer: 6, finger: 22, centre: 40 }

function listenToPicks(map: MapLibre, { onGroup, onUnit, onNothing }: MapEvents) {
  const pick = (x: number, y: number, far: number): boolean => {
    const box: [[number, number], [number, number]] = [
      [x - far, y - far],
      [x + far, y + far],
    ]
    const [found] = map.queryRenderedFeatures(box, { layers: unitLayers })
    if (!found) return false
    const { west, south, east, north, siret } = found.properties as Record<string, number> & { siret?: string }
    if (siret) onUnit(siret)
    else onGroup([west!, south!, east!, north!])
    return true
  }
  const isTouch = matchMedia('(pointer: coarse)').matches
  map.on('click', ({ point: { x, y } }) => {
    if (!pick(x, y, reach.pointer) && isTouch) pick(x, y, reach.finger)
  })
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    const { clientWidth, clientHeight } = map.getCanvas()
    if (!pick(clientWidth / 2, clientHeight / 2, reach.centre)) onNothing()
  })
  for (const layer of unitLayers) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'))
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''))
  }
}

/** Opens MapLibre in a container, drawn whole when the promise is kept. */
export async function openMap(options: MapOptions): Promise<OpenMap> {
  const { container, view, drawnWidth } = options
  setWorkerUrl(workerUrl)
  const colours = readColours(container)
  const { style, hasBasemap } = await readStyle(colours)
  const zoomOf = (one: MapView) => one.zoom + zoomShift(container, drawnWidth)
  const map = new MapLibre({
    container,
    style,
    center: [view.lon, view.lat],
    zoom: zoomOf(view),
    maxZoom: 18,
    attributionControl: { compact: true },
    locale: options.locale,
    cooperativeGestures: true,
    pitchWithRotate: false,
    dragRotate: false,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }))
  await map.once('load')
  addGround(map, colours, hasBasemap, options.outline)
  addUnits(map, options.filters, colours, hasBasemap)
  map.on('moveend', () => options.onMove(viewOfMap(map, drawnWidth)))
  listenToPicks(map, options)
  await map.once('idle')
  return {
    show(one) {
      if (viewParameter(one) === viewParameter(viewOfMap(map, drawnWidth))) return
      map.easeTo({ center: [one.lon, one.lat], zoom: zoomOf(one), duration: 400 })
    },
    choose: (box) => choose(map, box),
    focus: () => map.getCanvas().focus(),
    close: () => map.remove(),
  }
}
