import { UserError } from '#platform'

export const unreadableMetiers = (file: string, why: string) =>
  new UserError(
    'registry.unreadable_metiers',
    400,
    `Le fichier de métiers « ${file} » est refusé : ${why}. Il faut un CSV avec les colonnes slug, secteur, famille, libelle, definition et, si besoin, naf et aprm, ou un JSON de la forme de data/metiers.json.`,
  )
