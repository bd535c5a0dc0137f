import type { EntryResult } from '../model.ts'
import { mostProblems, type CollectedFile, type CollectProblem, type CollectReport, type RowReport } from './model.ts'
import type { PlannedVisit } from './plan.ts'

export interface VisitOutcome {
  report: RowReport
  problems: CollectProblem[]
}

/** The report of a file, from what becomes of each row. */
export function reportOf(
  { unknown, files, others }: Pick<CollectedFile, 'unknown' | 'files' | 'others'>,
  outcomes: readonly VisitOutcome[],
): CollectReport {
  const problems = outcomes.flatMap((one) => one.problems)
  return {
    rows: outcomes.map(({ report }) => report),
    problems: problems.slice(0, mostProblems),
    problemCount: problems.length,
    unknown: [...new Set(unknown)].slice(0, 100),
    files,
    others,
  }
}

/** What a visit became: its answers taken, known before, or refused and why. */
export function outcomeOf(planned: PlannedVisit, results: readonly EntryResult[]): VisitOutcome {
  const { visit, report, problems, entries } = planned
  const { sheet, row } = visit
  const byId = new Map(results.map((result) => [result.id, result]))
  const refused: CollectProblem[] = []
  let [taken, known] = [0, report.known]
  for (const entry of entries) {
    const result = byId.get(entry.id)
    const kept = result?.outcome === 'taken' || result?.outcome === 'held'
    if (entry.type === 'answer' && kept) taken++
    else if (entry.type === 'answer' && result?.outcome === 'known') known++
    else if (entry.type === 'answer') {
      const column = visit.answers.find(({ item }) => item === entry.item)?.column ?? null
      refused.push({ sheet, row, column, reason: result?.message ?? '' })
    }
  }
  return {
    report: { ...report, taken, known, refused: report.refused + refused.length },
    problems: [...problems, ...withoutRepeats(refused)],
  }
}

/** One reason for all answers of a row is told once, for the row. */
function withoutRepeats(problems: readonly CollectProblem[]): CollectProblem[] {
  const [first] = problems
  const same = problems.length > 1 && problems.every(({ reason }) => reason === first!.reason)
  return same ? [{ ...first!, column: null }] : [...problems]
}
