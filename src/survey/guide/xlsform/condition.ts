import type { Relevance } from '../../model.ts'
import { own } from './names.ts'

const oneOf = (name: string, values: readonly string[]) =>
  values.map((value) => `\${${name}} = '${value}'`).join(' or ')

/** A sector or a craft that was not said hides nothing. */
const unsaidOrOneOf = (name: string, values: readonly string[]) => `(\${${name}} = '' or ${oneOf(name, values)})`

/** When an item is asked, as a formula of XLSForm; empty when it always is. */
export function conditionOf(relevance: Relevance | undefined): string {
  const { when, sectors, metiers } = relevance ?? {}
  return [
    when ? `(${oneOf(when.item, when.in)})` : '',
    sectors ? unsaidOrOneOf(own.sector, sectors) : '',
    metiers ? unsaidOrOneOf(own.metier, metiers) : '',
  ]
    .filter(Boolean)
    .join(' and ')
}

const comparison = /^\$\{([^}]+)\} = '([^']*)'$/

/** The name and the values of one part of a condition; null when it is not written as above. */
function readPart(part: string): { name: string; values: string[] } | null {
  const compared = part.split(' or ').map((one) => comparison.exec(one))
  const name = compared[0]?.[1]
  if (name === undefined || !compared.every((one) => one?.[1] === name)) return null
  return { name, values: compared.map((one) => one![2]!) }
}

/** The relevance that `conditionOf` wrote; null when a formula says something else. */
export function relevanceOf(formula: string): Relevance | null {
  const relevance: Relevance = {}
  const parts = /^\((.*)\)$/.exec(formula)?.[1]?.split(') and (') ?? []
  if (parts.length === 0) return null
  for (const part of parts.map(readPart)) {
    if (!part) return null
    const { name, values } = part
    const said = values.filter((value) => value !== '')
    if (name === own.sector) relevance.sectors = said
    else if (name === own.metier) relevance.metiers = said
    else relevance.when = { item: name, in: values }
  }
  return relevance
}
