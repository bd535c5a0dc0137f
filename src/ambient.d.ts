import type { App as Application, User } from '#platform'
import type { Lang } from '#platform/model'

declare global {
  namespace App {
    interface Locals {
      app: Application
      user: User | null
      lang: Lang
      requestId: string
    }
    interface Error {
      message: string
      code?: string
      requestId?: string
    }
  }
}

export {}
