import type { Reroute } from '@sveltejs/kit/hooks'
import { delocalized } from '#platform/model'

export const reroute: Reroute = ({ url }) => delocalized(url.pathname)
