import type { Role } from '../rights/model.ts'

export const bodyKinds = [
  'chamber',
  'commune',
  'epci',
  'departement',
  'region',
  'federation',
  'school',
  'museum',
  'association',
  'company',
  'other',
] as const
export type BodyKind = (typeof bodyKinds)[number]

export interface Body {
  id: string
  kind: BodyKind
  name: string
  /** Code of its territory. */
  territory: string | null
  /** Where it answers those who ask for a right. */
  email: string | null
}

/** A body in the administrator's list. */
export interface BodyLine extends Body {
  /** People who act for it today. */
  members: number
  /** Conventions in force today. */
  inForce: number
}

export interface Member {
  id: string
  person: string
  name: string
  email: string
  role: Role
  metiers: string[] | null
  startsAt: string
  endsAt: string | null
  current: boolean
}

/** A body as one of its people sees it. */
export interface MyBody {
  id: string
  name: string
  kind: BodyKind
  role: Role
  /** Crafts of an expert; null: not limited. */
  metiers: string[] | null
  startsAt: string
  endsAt: string | null
}
