import { UsageError, UserError } from '../errors.ts'

/** A command that works beside a server has nothing to do on a database that one process alone may open. */
export const serverNeeded = () =>
  new UserError(
    'server_needed',
    409,
    'Cette commande demande une base PostgreSQL : donnez son adresse dans DATABASE_URL. Avec la base intégrée, le serveur fait ce travail lui-même.',
  )

export const noDatabase = (dataDir: string) =>
  new UserError(
    'no_database',
    409,
    `Le dossier ${dataDir} ne contient pas de base. Donnez le bon dossier avec DATA_DIR, ou l’adresse d’un serveur avec DATABASE_URL.`,
  )

export const otherVersion = (title: string) =>
  new UsageError(`Le serveur en marche ne connaît pas « ${title} » : il est d’une autre version. Redémarrez-le.`)

export const fileExpected = (usage: string) => new UsageError(`Donnez un fichier, et un seul : ${usage}`)
