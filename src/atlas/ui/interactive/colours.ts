import { sectors } from '#registry/model'

const names = [
  'ink',
  'ink-soft',
  'paper',
  'paper-deep',
  'sheet',
  'line',
  'terracotta',
  ...sectors.map((one) => `sector-${one}` as const),
] as const

export type Colours = Record<(typeof names)[number], string>

/** Colours of the page's tokens, resolved as the browser draws them, since MapLibre knows no CSS variable. */
export function readColours(container: HTMLElement): Colours {
  const probe = document.createElement('span')
  container.append(probe)
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    }),
  )
  probe.remove()
  return colours as Colours
}
