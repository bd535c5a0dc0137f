import { typeset } from '#platform/model'
import { en } from './messages/en.ts'
import { fr } from './messages/fr.ts'

export const deliveryMessages = { fr: typeset(fr), en }
