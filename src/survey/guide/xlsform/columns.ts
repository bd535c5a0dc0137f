/** Present names of columns (pyxform's aliases.py), by the names that forms may give them, in lower case. */
const aliases: Record<string, string> = {
  command: 'type',
  tag: 'name',
  value: 'name',
  caption: 'label',
  text: 'label',
  'list name': 'list_name',
  read_only: 'readonly',
  relevance: 'relevant',
  calculate: 'calculation',
  count: 'repeat_count',
  'jr:count': 'repeat_count',
  'constraining message': 'constraint_message',
  'constraint message': 'constraint_message',
  'jr:constraintmsg': 'constraint_message',
  requiredmsg: 'required_message',
  'required message': 'required_message',
  'jr:requiredmsg': 'required_message',
  noapperrorstring: 'no_app_error_string',
  'jr:noapperrorstring': 'no_app_error_string',
  compact_tag: 'odk:tag',
  'set form title': 'form_title',
  title: 'form_title',
  'set form id': 'form_id',
  id_string: 'form_id',
}

const translated = new Set([
  'label',
  'hint',
  'guidance_hint',
  'constraint_message',
  'required_message',
  'no_app_error_string',
  'image',
  'big-image',
  'audio',
  'video',
])

/** Groups under which a column may be written: `bind::relevant` is `relevant`. */
const prefixes = new Set(['bind', 'control', 'body', 'media', 'jr'])

/** Columns that hold a formula. */
export const formulaColumns: readonly string[] = [
  'relevant',
  'constraint',
  'calculation',
  'required',
  'readonly',
  'choice_filter',
  'repeat_count',
]

export interface Column {
  name: string
  /** Null when the column has one value for all languages; '' when it is translated, and names no language. */
  language: string | null
}

/** What the header of a column says; `label::Français (fr)`, `label:english`, `bind:jr:constraintMsg`, `LABEL::EN`. */
export function readColumn(header: string): Column {
  const parts = header.trim().split(/\s*::?\s*/)
  if (parts.length > 1 && prefixes.has(parts[0]!.toLowerCase())) parts.shift()
  if (parts.length > 1 && parts[0]!.toLowerCase() === 'jr') parts.shift()
  const own = parts[0]!.toLowerCase()
  const name = aliases[own] ?? aliases[`jr:${own}`] ?? own
  if (translated.has(name)) return { name, language: parts.slice(1).join(':') }
  return { name: [name, ...parts.slice(1)].join('::'), language: null }
}
