/** A file that cannot be read at all: a stable code, and a French message that says what to do. */
export class ReadError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ReadError'
    this.code = code
  }
}

const accepted =
  'Sont acceptés : l’export de sirene.fr, StockEtablissement, StockUniteLegale et la géolocalisation de l’Insee en CSV (ou dans un zip), et les réponses JSON de l’API Sirene ou de l’API Recherche d’entreprises.'

export const unreadableFile = (file: string, cause: unknown) =>
  new ReadError('sirene.unreadable_file', `Le fichier « ${file} » est illisible. Vérifiez son chemin et vos droits.`, {
    cause,
  })

export const emptyFile = (file: string) =>
  new ReadError('sirene.empty', `Le fichier « ${file} » est vide. Téléchargez-le à nouveau.`)

export const unknownFormat = (file: string, why = 'ses colonnes ne sont pas celles d’un fichier Sirene') =>
  new ReadError('sirene.unknown_format', `Le fichier « ${file} » n’est pas reconnu : ${why}. ${accepted}`)

export const missingColumns = (file: string, format: string, columns: string[]) =>
  new ReadError(
    'sirene.missing_column',
    `Il manque dans « ${file} » (${format}) ${columns.length > 1 ? 'les colonnes' : 'la colonne'} ${columns.map((column) => `« ${column} »`).join(', ')}. Reprenez le fichier avec toutes ses colonnes.`,
  )

export const unreadableZip = (file: string, cause?: unknown) =>
  new ReadError('sirene.unreadable_zip', `L’archive « ${file} » est illisible ou coupée. Téléchargez-la à nouveau.`, {
    cause,
  })

export const encryptedZip = (file: string) =>
  new ReadError(
    'sirene.encrypted_zip',
    `L’archive « ${file} » est protégée par un mot de passe. Donnez le fichier CSV sans protection.`,
  )

export const zipTooLarge = (file: string, entry: string) =>
  new ReadError(
    'sirene.zip_too_large',
    `L’archive « ${file} » contient « ${entry} », trop gros une fois décompressé (plus de 12 Go, ou plus de 1 000 fois sa taille). Vérifiez d’où elle vient.`,
  )

export const notJson = (file: string, cause: unknown) =>
  new ReadError('sirene.invalid_json', `Le fichier « ${file} » n’est pas un JSON complet. Téléchargez-le à nouveau.`, {
    cause,
  })

export const jsonTooLarge = (file: string) =>
  new ReadError('sirene.json_too_large', `Le fichier JSON « ${file} » dépasse 100 Mo. Découpez-le, ou prenez le CSV.`)

export const lineTooLong = (file: string) =>
  new ReadError(
    'sirene.line_too_long',
    `Le fichier « ${file} » a une ligne de plus de 4 Mo : ce n’est pas un CSV. ${accepted}`,
  )
