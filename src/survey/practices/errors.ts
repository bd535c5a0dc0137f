import { UserError } from '#platform'

export const unknownPractice = (item: string) =>
  new UserError('survey.unknown_practice', 404, `Le guide n’a pas de pratique « ${item.slice(0, 40)} ».`)
