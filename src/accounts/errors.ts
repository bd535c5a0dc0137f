import { UserError } from '#platform'

export const linkExpired = () =>
  new UserError(
    'sign_in.link_expired',
    410,
    'Ce lien de connexion a déjà servi ou a plus de quinze minutes. Redémarrez le programme pour en obtenir un autre.',
  )
