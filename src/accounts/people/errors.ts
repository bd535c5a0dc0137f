import { UserError } from '#platform'

export const linkExpired = () =>
  new UserError(
    'sign_in.link_expired',
    410,
    'Ce lien de connexion a déjà servi ou a plus de quinze minutes. Demandez-en un autre.',
  )

export const wrongPassword = () =>
  new UserError(
    'sign_in.wrong_password',
    401,
    'Adresse ou mot de passe faux. Réessayez, ou demandez un lien par courriel.',
  )

export const tooManyAttempts = (minutes: number) =>
  new UserError(
    'sign_in.too_many',
    429,
    `Trop d’essais en peu de temps. Attendez ${minutes > 1 ? `${minutes} minutes` : 'une minute'}, puis recommencez.`,
  )

const field = (name: string, code: string, message: string) =>
  new UserError(code, 400, message, [{ field: name, message }])

export const badEmail = () =>
  field('email', 'person.bad_email', 'Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr')

export const emailTaken = () =>
  field('email', 'person.email_taken', 'Un autre compte a déjà cette adresse. Choisissez-en une autre.')

export const badName = () => field('name', 'person.bad_name', 'Écrivez un nom, de cent caractères au plus.')

export const weakPassword = (length: number) =>
  field(
    'password',
    'person.weak_password',
    `Il faut au moins ${length} caractères, assez variés. Une phrase de quatre mots convient.`,
  )

export const wrongCurrentPassword = () => field('current', 'person.wrong_password', 'Le mot de passe actuel est faux.')

/** A change that demands a recent sign-in: an unwatched browser must not be enough. */
export const notFresh = () =>
  new UserError(
    'sign_in.not_fresh',
    403,
    'Votre connexion date de plus d’un jour. Déconnectez-vous, reconnectez-vous, puis recommencez.',
  )

export const emailLinkExpired = () =>
  new UserError(
    'person.email_link_expired',
    410,
    'Ce lien a déjà servi, a plus de quinze minutes, ou a été demandé depuis un autre compte. Recommencez le changement.',
  )

export const passkeyRefused = () =>
  new UserError(
    'sign_in.passkey_refused',
    401,
    'La clé d’accès n’a pas été reconnue. Réessayez, ou demandez un lien par courriel.',
  )

export const providerUnreachable = () =>
  new UserError(
    'sign_in.provider_unreachable',
    502,
    'Le service de connexion ne répond pas. Réessayez plus tard, ou demandez un lien par courriel.',
  )
