import { typeset } from '#platform/model'
import { en } from './messages/en.ts'
import { fr } from './messages/fr.ts'

export type { WorkshopMessages } from './messages/fr.ts'

export const workshopMessages = { fr: typeset(fr), en }
