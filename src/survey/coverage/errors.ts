import { badInput, UserError } from '#platform'

export const membersOnly = () =>
  new UserError(
    'survey.members_only',
    403,
    'Ces pages sont réservées aux personnes des organismes qui enquêtent. Demandez une invitation au responsable du vôtre.',
  )

export const wrongSiret = () =>
  badInput('Un SIRET a 14 chiffres, qui se vérifient entre eux : relisez-le.', [
    { field: 'siret', message: '14 chiffres' },
  ])
