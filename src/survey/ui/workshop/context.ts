import { getContext, setContext } from 'svelte'
import { getLang } from '#platform/ui/lang.ts'
import { workshopMessages } from './messages.ts'
import type { Workshop } from './workshop.svelte.ts'

const key = Symbol('workshop')

/** Gives the workshop to every screen below. */
export const setWorkshop = (workshop: Workshop) => setContext(key, workshop)

export const getWorkshop = (): Workshop => getContext(key)

/** What the page says, in its language. */
export const getMessages = () => workshopMessages[getLang()]
