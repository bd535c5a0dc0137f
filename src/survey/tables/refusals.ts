import { limits } from './model.ts'

/** A file that is not read, in words for whoever gave it. */
export class TableRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'TableRefusal'
    this.code = code
  }
}

const refusal = (code: string) => (message: string) => new TableRefusal(`tables.${code}`, message)
const advice = 'Ouvrez-le dans votre tableur et enregistrez-le en .xlsx ou en .csv, puis déposez-le à nouveau.'
const plain = new Intl.NumberFormat('fr-FR')

export const emptyFile = (file: string) =>
  refusal('empty')(`Le fichier « ${file} » est vide. Vérifiez que vous avez choisi le bon fichier.`)

export const fileTooLarge = (file: string) =>
  refusal('too_large')(
    `Le fichier « ${file} » dépasse ${limits.bytes / 2 ** 20} Mo. Retirez-en les images, ou coupez-le en plusieurs fichiers.`,
  )

export const otherFormat = (file: string, format: string) =>
  refusal('other_format')(`Le fichier « ${file} » est ${format}, que nous ne lisons pas. ${advice}`)

export const withPassword = (file: string) =>
  refusal('password')(
    `Le fichier « ${file} » est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis déposez-le à nouveau.`,
  )

export const unreadableWorkbook = (file: string) =>
  refusal('unreadable')(`Le classeur « ${file} » est abîmé ou incomplet. ${advice}`)

export const inflatesTooMuch = (file: string) =>
  refusal('inflates_too_much')(
    `Le classeur « ${file} » dépasse ${limits.inflated / 2 ** 20} Mo une fois décompressé. Gardez la seule feuille utile, ou enregistrez-la en .csv.`,
  )

export const tooHeavy = (file: string) =>
  refusal('too_heavy')(
    `Le fichier « ${file} » est trop lourd à lire. Gardez la seule feuille utile, sans mise en forme, ou enregistrez-la en .csv.`,
  )

export const tooManyRows = (file: string, sheet: string) =>
  refusal('too_many_rows')(
    `Le fichier « ${file} » compte plus de ${plain.format(limits.rows)} lignes (feuille « ${sheet} »). Coupez-le en plusieurs fichiers, ou retirez les feuilles inutiles.`,
  )

export const tooManyColumns = (file: string, sheet: string) =>
  refusal('too_many_columns')(
    `La feuille « ${sheet} » du fichier « ${file} » compte plus de ${limits.columns} colonnes. Gardez les seules colonnes utiles.`,
  )

export const cellTooLong = (file: string, sheet: string, row: number) =>
  refusal('cell_too_long')(
    `La ligne ${plain.format(row)} de la feuille « ${sheet} » du fichier « ${file} » a une cellule de plus de ${plain.format(limits.cell)} caractères. Raccourcissez-la.`,
  )

export const openQuote = (file: string, line: number) =>
  refusal('open_quote')(
    `Le fichier « ${file} » ouvre à la ligne ${plain.format(line)} un guillemet qui n’est jamais fermé. Corrigez cette ligne.`,
  )

export const noTable = (file: string) =>
  refusal('no_table')(`Le fichier « ${file} » ne contient aucune ligne. Vérifiez que vous avez choisi le bon fichier.`)
