import { AsyncLocalStorage } from 'node:async_hooks'
import type { App, User } from './application.ts'

export interface RequestContext {
  app: App
  user: User | null
  /** Identifier of the request, shown on error pages and written in the logs. */
  id: string
}

/** Hands the application and the user from the HTTP server to the pages that it renders. */
export const requests = new AsyncLocalStorage<RequestContext>()
