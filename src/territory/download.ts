import { contoursUnreachable } from './errors.ts'

/** Downloads the contours of a département's communes; called only by a command that names the département. */
export async function downloadContours(departement: string): Promise<{ text: string; source: string }> {
  const source = `https://geo.api.gouv.fr/departements/${departement}/communes?format=geojson&geometry=contour&fields=code,nom`
  try {
    const answer = await fetch(source, { signal: AbortSignal.timeout(60_000) })
    if (!answer.ok) throw new Error(`réponse ${answer.status}`)
    return { text: await answer.text(), source: 'geo.api.gouv.fr' }
  } catch (error) {
    throw contoursUnreachable(error instanceof Error ? error.message : String(error))
  }
}
