import { UsageError, UserError } from '#platform'

export const importRunning = () =>
  new UserError(
    'registry.import_running',
    409,
    'Un import est déjà en cours. Attendez qu’il soit terminé, puis recommencez.',
  )

export const elsewhere = (departement: string, rows: number) =>
  new UserError(
    'registry.elsewhere',
    400,
    `Aucune des ${rows} lignes n’est dans le département ${departement}. Vérifiez le département choisi, ou le fichier. Rien n’a été changé.`,
  )

export const nothingToImport = () =>
  new UsageError('Donnez au moins un fichier : export sirene.fr, StockEtablissement, ou JSON d’une API.')

export const unreadableFile = (name: string) =>
  new UserError(
    'registry.unreadable_file',
    400,
    `Le fichier « ${name} » est introuvable ou illisible. Vérifiez son chemin.`,
  )
