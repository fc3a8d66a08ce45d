import { isObject, textOrEmpty } from '../../../../shared/json.ts'
import { type Entry, type Line, matchesHash, parseEntry } from '../audit-line.ts'

type Facts = Readonly<Record<string, unknown>>

/** One line about a call. */
export interface AuditStep {
  readonly line: number
  readonly chain: string
  readonly event: string
  readonly time: string
  readonly facts: Facts
}

/** One call of an effect, from the question to the answer. */
export interface AuditedCall {
  /** The same for calls with the same tool and arguments. */
  readonly id: string
  readonly tool: string
  /** What the first line of its chain says; undefined in logs of earlier versions. */
  readonly start: Facts | undefined
  /** All of its lines if it is the wanted one, otherwise the first and the last. */
  readonly steps: readonly AuditStep[]
}

interface OpenCall extends AuditedCall {
  readonly steps: AuditStep[]
}

/** The newest calls that are kept, of any id and of the wanted one. */
const maxCalls = 1_000
const maxWanted = 50
/** Calls without an answer, and chains, that are still followed. */
const maxOpen = 10_000
const maxFaults = 20

function limitSize<K>(map: Map<K, unknown>): void {
  const [oldest] = map.keys()
  if (map.size > maxOpen && oldest !== undefined) map.delete(oldest)
}

/** Puts the lines of a log together to the calls that they are about. Damaged lines are left out and told. */
export class AuditHistory {
  readonly #wanted: string | undefined
  readonly #starts = new Map<string, Facts>()
  readonly #open = new Map<string, OpenCall>()
  readonly #waiting = new Map<string, OpenCall>()
  readonly faults: string[] = []
  faultCount = 0
  hasLines = false
  /** The newest calls, in the order in which they were asked for. */
  readonly calls: AuditedCall[] = []
  callCount = 0
  /** The newest calls with the wanted id. */
  readonly wantedCalls: AuditedCall[] = []
  wantedCount = 0

  /** `wanted`: the id of the calls of which every line is kept. */
  constructor(wanted?: string) {
    this.#wanted = wanted
  }

  addLine({ number, bytes }: Line): void {
    if (bytes?.length === 0) return
    this.hasLines = true
    const entry = bytes && parseEntry(bytes)
    if (!entry) this.#addFault(`line ${number} is left out: it is no line of an audit log`)
    else if (!matchesHash(bytes))
      this.#addFault(`line ${number} is left out: it was changed, for it does not fit its own hash`)
    else this.#addEntry(number, entry)
  }

  #addFault(what: string): void {
    this.faultCount += 1
    if (this.faults.length < maxFaults) this.faults.push(what)
  }

  #addEntry(line: number, { chain, event, time = '', facts }: Entry): void {
    if (!isObject(facts)) return
    if (event === 'start') {
      this.#starts.set(chain, facts)
      limitSize(this.#starts)
    }
    if (typeof facts['call'] !== 'string') return
    const step = { line, chain, event, time, facts }
    const call = this.#callOf(step, facts['call'])
    if (call.id === this.#wanted || call.steps.length < 2) call.steps.push(step)
    else call.steps[1] = step
  }

  /** The call that a line belongs to. Lines of earlier versions have no number of the attempt. */
  #callOf(step: AuditStep, id: string): OpenCall {
    const { chain, event, facts } = step
    const attempt = textOrEmpty(facts['attempt']) || id
    const [key, sameCall] = [`${chain} ${attempt}`, `${chain} ${id}`]
    // Since protocol 2026-07-28 the answer to a question comes in a call of its own.
    const isAgain = event === 'asked' && facts['again'] === true
    // The line about what a person is asked follows that about the call.
    const goesOn = event !== 'asked' || isObject(facts['record'])
    const known = goesOn ? this.#open.get(key) : undefined
    // A call that waited for a person goes on as another attempt.
    const waited = isAgain || goesOn ? this.#waiting.get(sameCall) : undefined
    const call = known ?? waited ?? this.#begin(step, id)
    this.#open.set(key, call)
    limitSize(this.#open)
    if (event === 'asked') this.#waiting.set(sameCall, call)
    else this.#waiting.delete(sameCall)
    limitSize(this.#waiting)
    return call
  }

  #begin({ chain, facts }: AuditStep, id: string): OpenCall {
    const call = { id, tool: textOrEmpty(facts['tool']), start: this.#starts.get(chain), steps: [] }
    this.callCount += 1
    this.calls.push(call)
    if (this.calls.length > maxCalls) this.calls.shift()
    if (id !== this.#wanted) return call
    this.wantedCount += 1
    this.wantedCalls.push(call)
    if (this.wantedCalls.length > maxWanted) this.wantedCalls.shift()
    return call
  }
}
