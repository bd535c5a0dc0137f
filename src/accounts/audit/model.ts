import type { Action, Grant, Purpose } from '../rights/model.ts'

/** Lines of a page. */
export const auditPage = 50

/** What its subject reads of an act: the body and what for, never the agent. */
export interface AuditLine {
  id: string
  at: string
  action: Action
  item: string | null
  allowedBy: Grant['by']
  /** Name of the body that acted; null when none did. */
  body: string | null
  purpose: Purpose | null
}

/** What the administrator reads of an act. */
export interface AuditEntry extends AuditLine {
  /** Name of the agent; null once his account is erased. */
  person: string | null
  subjectKind: string
  subjectId: string
}
