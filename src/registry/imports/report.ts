import { csvField } from '#platform'
import type { RowIssue } from '../sirene/model.ts'

/** Header of the report of refused rows and fields. */
export const reportHeader = 'fichier;ligne;colonne;valeur masquée;gravité;code;motif\r\n'

/** One line of the report; the value is masked by the reader, which never tells a name. */
export function reportLine(issue: RowIssue): string {
  const severity = issue.severity === 'refused' ? 'ligne refusée' : 'champ écarté'
  const fields = [
    issue.file,
    issue.line,
    issue.column ?? '',
    issue.maskedValue ?? '',
    severity,
    issue.reason,
    issue.message,
  ]
  return `${fields.map((field) => csvField(field, ';')).join(';')}\r\n`
}
