/** A tool as the client offers it to its model. */
export interface OfferedTool {
  readonly name: string
  readonly parameters: { readonly properties?: Readonly<Record<string, unknown>> }
}

/** A call that the model asks for. */
export interface Call {
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** What comes back from a call. */
export interface Seen {
  /** The text of the result, as the model reads it. */
  readonly text: string
  /** All of the result that reaches the model. */
  readonly all: string
  /** The structured content, where the client hands it to the model or to its own program. */
  readonly structured?: Readonly<Record<string, unknown>> | undefined
}

/** Notes the sentence if what was expected is not so. The conversation goes on. */
export type Check = (expected: boolean, sentence: string) => void

/** A model's side of a conversation: it gives a call, reads the result, and returns its final answer. */
export type Script = Generator<Call, string, Seen>

export type Begin = (offered: readonly OfferedTool[], check: Check) => Script

/** The beginning of a text on one line, for a sentence about it. */
export const quote = (text: string): string => `"${text.replace(/\s+/g, ' ').slice(0, 120)}"`

/** Longer pieces of text occur once. Ids, dates and names of columns are shorter. */
const longPieces = /[^.\n"\\]{40,}/g

/** Stands in for a model within a client: it follows a script, and looks at all that the client gives it to read. */
export class ScriptedModel {
  readonly failures: string[] = []
  readonly #begin: Begin
  readonly #mayRepeat: boolean
  #script: Script | undefined
  #calls = 0
  /** The last call, to say where a conversation ended. */
  last: Call | undefined

  constructor(begin: Begin, mayRepeat: boolean) {
    this.#begin = begin
    this.#mayRepeat = mayRepeat
  }

  /** The next call, or the final answer. The first turn has seen nothing yet. */
  next(offered: readonly OfferedTool[], seen?: Seen): Call | string {
    this.#script ??= this.#begin(offered, this.#check)
    if (seen) this.#lookAt(seen)
    const { value, done } = seen ? this.#script.next(seen) : this.#script.next()
    if (done) return value
    this.last = value
    this.#calls += 1
    return value
  }

  /** Of the next call, unique in the conversation. */
  get callId(): string {
    return `call_${this.#calls}`
  }

  readonly #check: Check = (expected, sentence) => {
    if (!expected && !this.failures.includes(sentence)) this.failures.push(sentence)
  }

  #lookAt({ all }: Seen): void {
    const tool = this.last?.tool ?? 'no tool'
    this.#check(!/;base64,/.test(all), `The model reads a base64 icon in the result of ${tool}.`)
    const pieces = [...all.matchAll(longPieces)].map(([piece]) => piece.trim())
    const repeated = pieces.find((piece, index) => pieces.indexOf(piece) !== index)
    this.#check(
      this.#mayRepeat || repeated === undefined,
      `The model reads ${quote(repeated ?? '')} twice in one result of ${tool}.`,
    )
  }
}
