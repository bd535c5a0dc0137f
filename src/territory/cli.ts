import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { badInput, UsageError, type CliCommand } from '#platform'
import { importCustomTerritories, importTerritory } from './commands.ts'
import { downloadContours } from './download.ts'

async function readText(cwd: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch {
    throw badInput(`Le fichier « ${file} » est introuvable ou illisible. Vérifiez son chemin.`)
  }
}

export const importTerritoryCommand: CliCommand = {
  words: ['import', 'territory'],
  summary: 'ouvre un département, avec les contours de ses communes',
  usage: 'import territory --departement 82 [--from FICHIER.geojson | --without-contours] | --custom FICHIER.csv',
  options: {
    departement: { type: 'string', help: 'numéro du département (82, 2A, 974)' },
    from: { type: 'string', help: 'contours des communes en GeoJSON ; sans lui, ils sont demandés à geo.api.gouv.fr' },
    'without-contours': { type: 'boolean', help: 'n’importe aucun contour' },
    custom: {
      type: 'string',
      help: 'territoires personnalisés (Pays, PETR…) en CSV : code, nom, type, commune, debut, fin',
    },
    'dry-run': { type: 'boolean', help: 'vérifie sans rien écrire' },
  },
  async run(app, { values, io }) {
    const dryRun = values['dry-run'] === true
    if (typeof values.custom === 'string') {
      const text = await readText(io.cwd, values.custom)
      for (const one of await importCustomTerritories(app, 'operator', { text, name: basename(values.custom) }, dryRun))
        io.print(`${one.name} (${one.code}) : ${one.communes.length} communes`)
      return
    }
    if (typeof values.departement !== 'string') throw new UsageError('Donnez un département : --departement 82')
    const departement = values.departement.toUpperCase()
    let contours: { text: string; file: string; source: string } | null = null
    if (typeof values.from === 'string') {
      const file = basename(values.from)
      contours = { text: await readText(io.cwd, values.from), file, source: file }
    } else if (values['without-contours'] !== true) {
      io.print('Téléchargement des contours depuis geo.api.gouv.fr…')
      contours = { ...(await downloadContours(departement)), file: 'geo.api.gouv.fr' }
    }
    const done = await importTerritory(app, 'operator', { departement, contours, dryRun })
    io.print(
      `Département ${departement} : ${done.communes} communes, ${done.withContour} avec un contour${dryRun ? ' (rien n’est écrit)' : ''}`,
    )
    if (done.missing.length > 0 && contours) io.print(`Sans contour dans le fichier : ${done.missing.join(', ')}`)
    if (done.ignored.length > 0) io.print(`Ignorés, hors du département : ${done.ignored.length} contours`)
  },
}
