import { badInput, UserError } from '#platform'

const wrong = (field: string, message: string) => badInput(message, [{ field, message }])

export const wrongKind = () => wrong('kind', 'Dites s’il s’agit d’une rencontre ou d’une formation.')
export const wrongTitle = () => wrong('title', 'Donnez un titre, en 200 caractères au plus.')
export const wrongDay = () => wrong('day', 'Donnez le jour, par exemple 2027-03-04.')
export const wrongFrom = () => wrong('from', 'Donnez l’heure du début, par exemple 14:30.')
export const wrongUntil = () =>
  wrong('until', 'La fin vient après le début, dans le mois : donnez une heure telle que 17:00, ou laissez vide.')
export const wrongLastDay = () => wrong('lastDay', 'Pour plusieurs jours, donnez aussi l’heure de la fin.')
export const wrongPlace = () => wrong('place', 'Donnez le lieu, en 300 caractères au plus.')
export const wrongAgenda = () => wrong('agenda', 'L’ordre du jour tient en 5 000 caractères.')
export const wrongReason = () => wrong('reason', 'Dites pourquoi, en 500 caractères au plus : chacun le lira.')
export const wrongName = () => wrong('name', 'Donnez le nom de la personne, en 120 caractères au plus.')
export const wrongOrganisation = () =>
  wrong('organisation', 'Donnez un nom en 200 caractères au plus, ou un SIRET de 14 chiffres.')
export const unknownSiret = () =>
  wrong('organisation', 'Ce SIRET n’est pas dans le registre. Vérifiez-le, ou donnez plutôt un nom.')
export const wrongMaterialTitle = () => wrong('title', 'Donnez un titre au support, en 200 caractères au plus.')
export const wrongLink = () =>
  wrong('link', 'Donnez l’adresse d’une page qui commence par https://, ou le numéro d’un fichier déposé.')
export const unknownFile = () =>
  wrong(
    'link',
    'Ce fichier n’existe pas, ou ne vous est pas ouvert. Copiez son numéro depuis « Mes images et mes films ».',
  )

export const tooManyPeople = () =>
  new UserError('meeting.full', 409, 'La liste compte déjà 500 personnes. Prévoyez une seconde séance.')
export const tooMuchMaterial = () =>
  new UserError('meeting.material', 409, 'Il y a déjà 50 supports. Retirez-en un pour en ajouter un autre.')
export const alreadyCancelled = () =>
  new UserError('meeting.cancelled', 409, 'Cette rencontre est annulée. Prévoyez-en une autre si elle a lieu.')
export const alreadyOver = () =>
  new UserError('meeting.over', 409, 'Cette rencontre est passée : demandez à son organisateur de vous y inscrire.')

export const membersOnly = () =>
  new UserError(
    'meeting.members_only',
    403,
    'L’agenda est réservé aux personnes des organismes partenaires. Demandez une invitation au responsable du vôtre.',
  )
export const organisersOnly = (body: string | null) =>
  new UserError(
    'meeting.organisers_only',
    403,
    `Seuls le responsable, les enquêteurs et les experts ${body ? `de « ${body} »` : 'de l’organisme qui organise'} peuvent faire cela. Demandez-le à l’un d’eux.`,
  )
