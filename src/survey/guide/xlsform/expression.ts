/** Letters of an XML name (XML 1.0 §2.3, without the colon). */
const nameStart =
  'A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD'
const ncName = `[${nameStart}][${nameStart}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`

/** Whether a name may be the one of a question: it becomes an XML element. */
export const isXmlName = (name: string): boolean => new RegExp(`^${ncName}(:${ncName})?$`).test(name)

const reference = `\\$\\{\\s*(?:last-saved#)?(${ncName})\\s*\\}`

/** Names that `${…}` refers to in a text. */
export const referencesOf = (text: string): string[] =>
  [...text.matchAll(new RegExp(reference, 'g'))].map(([, name]) => name!)

const kinds = ['space', 'reference', 'string', 'number', 'name', 'sign'] as const
type Kind = Exclude<(typeof kinds)[number], 'space'> | 'end'
const scanner = new RegExp(
  `(?<space>\\s+)|(?<reference>${reference})|(?<string>"[^"]*"|'[^']*')|(?<number>\\d+(?:\\.\\d*)?|\\.\\d+)` +
    `|(?<name>${ncName}(?::(?!:)(?:${ncName}|\\*))?)|(?<sign>\\.\\.|//|::|!=|<=|>=|[-+*=<>|/()[\\],.@])`,
  'y',
)

interface Token {
  kind: Kind
  text: string
}

class ExpressionError extends Error {}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  scanner.lastIndex = 0
  while (scanner.lastIndex < text.length) {
    const at = scanner.lastIndex
    const groups = scanner.exec(text)?.groups
    if (!groups) throw new ExpressionError(`« ${text.slice(at, at + 20)} » n’a pas de sens ici`)
    const kind = kinds.find((one) => groups[one] !== undefined)!
    if (kind !== 'space') tokens.push({ kind, text: groups[kind]! })
  }
  return [...tokens, { kind: 'end', text: '' }]
}

/** Binding of each operator (XPath 1.0 §3.9), loosest first. */
const bindings: Record<string, number> = {
  or: 1,
  and: 2,
  '=': 3,
  '!=': 3,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  div: 6,
  mod: 6,
  '|': 7,
}
const deepest = 200

/** Reads an expression only to know whether it holds together: recursive descent over XPath 1.0 with `${…}`. */
class Parser {
  readonly #tokens: Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#tokens = tokensOf(text)
  }

  parse() {
    this.#expression(0)
    if (this.#next.kind !== 'end') throw this.#unexpected()
  }

  get #next() {
    return this.#tokens[this.#at]!
  }

  #unexpected() {
    const { kind, text } = this.#next
    return new ExpressionError(kind === 'end' ? 'elle s’arrête trop tôt' : `« ${text} » est de trop`)
  }

  #takes(...signs: string[]): boolean {
    const found = this.#next.kind === 'sign' && signs.includes(this.#next.text)
    if (found) this.#at++
    return found
  }

  #expect(sign: string) {
    if (!this.#takes(sign)) throw this.#unexpected()
  }

  #expression(loosest: number) {
    if (++this.#depth > deepest) throw new ExpressionError('elle est trop profonde')
    while (this.#takes('-', '+'));
    this.#operand()
    for (let binding = this.#binding(); binding > loosest; binding = this.#binding()) {
      this.#at++
      this.#expression(binding)
    }
    this.#depth--
  }

  #binding(): number {
    const { kind, text } = this.#next
    return kind === 'name' || kind === 'sign' ? (bindings[text] ?? 0) : 0
  }

  #operand() {
    const { kind } = this.#next
    if (kind === 'string' || kind === 'number') {
      this.#at++
      return
    }
    if (this.#takes('(')) {
      this.#expression(0)
      this.#expect(')')
    } else if (kind === 'reference') this.#at++
    else if (kind === 'name' && this.#tokens[this.#at + 1]!.text === '(') this.#call()
    else {
      if (this.#takes('/', '//') && !this.#startsStep()) return
      this.#step()
    }
    this.#predicates()
    while (this.#takes('/', '//')) {
      this.#step()
      this.#predicates()
    }
  }

  #call() {
    this.#at++
    this.#expect('(')
    if (this.#takes(')')) return
    do this.#expression(0)
    while (this.#takes(','))
    this.#expect(')')
  }

  #startsStep() {
    const { kind, text } = this.#next
    return kind === 'name' || kind === 'reference' || (kind === 'sign' && ['.', '..', '@', '*'].includes(text))
  }

  #step() {
    if (this.#takes('.', '..')) return
    this.#takes('@')
    if (this.#takes('*')) return
    if (!this.#startsStep()) throw this.#unexpected()
    const { kind } = this.#next
    if (kind === 'name' && this.#tokens[this.#at + 1]!.text === '(') return this.#call()
    this.#at++
    if (kind === 'name' && this.#takes('::')) this.#step()
  }

  #predicates() {
    while (this.#takes('[')) {
      this.#expression(0)
      this.#expect(']')
    }
  }
}

const longest = 20_000

/** Why an expression of a form does not hold together, in French; null when it does. */
export function expressionFault(text: string): string | null {
  if (text.length > longest) return 'elle est trop longue'
  try {
    new Parser(text).parse()
    return null
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
}
