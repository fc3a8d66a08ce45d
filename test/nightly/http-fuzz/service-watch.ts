import { smuggledId } from './requests/broken.ts'

// What may not show in the log of the service, and in what it sends.

/** Kinds of complaints that are kept, each with its first example. */
const maxComplaints = 20

/** Patterns that nothing may match, by what is printed instead. */
export type Forbidden = Readonly<Record<string, RegExp>>

/** Patterns that hold wherever the service runs. */
const everywhere: Forbidden = {
  'a stack trace': /\\n\s+at |\n\s+at |\(node:|\(file:/,
  'a path of the program': /node_modules|dist\/(?:main|chunks)|\/src\/\w+\//,
  'a header of the request': /\n[Xx]-[Ii]njected/,
  'an answer to what was smuggled': new RegExp(`"id":"${smuggledId}"`),
  'the findings of a validator': /\\"code\\": \\"invalid_/,
  'an internal error': /"code":-32603/,
}

/** What an operator types names the program as it was started. */
const operatorCommand = /`node [^`]{1,400} approve [^`]{1,200}`/g

/** The same complaint about other values has the same kind. */
const kindOf = (what: string): string =>
  what
    .replace(/\n {2}(?:sent|during) [\s\S]*/, '')
    .replace(/"(?:[^"\\]|\\.)*"|\d+/g, '…')
    .slice(0, 200)

/** Looks at all that the service writes. */
export class ServiceWatch {
  readonly #forbidden: Forbidden
  readonly #secrets: Forbidden
  /** What is being sent, for lines of the log that say nothing of it. */
  during: () => string = () => 'nothing'
  readonly #found = new Map<string, { readonly first: string; times: number }>()

  /** `paths` may not show in responses, `secrets` neither there nor in the log. */
  constructor(paths: Forbidden, secrets: Forbidden) {
    this.#secrets = secrets
    this.#forbidden = { ...everywhere, ...paths, ...secrets }
  }

  /** `about`: what complaints of one kind have in common; else it is told from the text. */
  report(what: string, about = kindOf(what)): void {
    const found = this.#found.get(about)
    if (found) found.times++
    else if (this.#found.size < maxComplaints) this.#found.set(about, { first: what, times: 1 })
  }

  /** One of each kind, and how often it was found. */
  get complaints(): readonly string[] {
    return [...this.#found.values()].map(({ first, times }) =>
      times === 1 ? first : `${times} times: ${first}`,
    )
  }

  /** A line of the log. */
  readonly readLine = (line: string): void => {
    if (!/^\{"level":"(?:debug|info|warn)",/.test(line) || line.includes('"unexpected"'))
      this.report(`the log: ${line.slice(0, 1_200)}\n  during one of these:\n${this.during()}`)
    for (const [name, pattern] of Object.entries(this.#secrets))
      if (pattern.test(line)) this.report(`the log holds ${name}: ${line.slice(0, 300)}`)
  }

  /** What bytes of the service hold that they must not; undefined if nothing. */
  faultOfBytes(bytes: Buffer): string | undefined {
    const text = bytes.toString('latin1').replace(operatorCommand, '')
    const found = Object.entries(this.#forbidden).find(([, pattern]) => pattern.test(text))
    if (!found) return undefined
    const [name, pattern] = found
    const at = text.search(pattern)
    return `the response holds ${name}: ${JSON.stringify(text.slice(Math.max(0, at - 160), at + 200))}`
  }
}
