import type { Verdict } from '../../reads/local-filter.ts'
import { type HostKeys, hostUuidFields, keysOf } from '../hosts.ts'
import { outcomeFields, outcomes } from '../outcomes.ts'

type Row = Readonly<Record<string, unknown>>

/** The most hosts with results that are kept. */
export const maxHosts = 100_000

/** The fields of a result that name its host: `asset` in what we assume, the others in case it is flat. */
const flatFields = ['assetId', ...hostUuidFields.filter((name) => !/^uuid$/i.test(name))]

/** The fields of results that are read. */
export const resultFields: readonly string[] = ['asset', ...flatFields, ...outcomeFields]

/** How a result names its host. */
function hostOf(result: Row): HostKeys {
  const { asset } = result
  const flat = Object.fromEntries(flatFields.map((name) => [name, result[name]]))
  return keysOf({ ...flat, ...(typeof asset === 'object' ? asset : { id: asset }) })
}

const all = ({ numbers, uuids }: HostKeys): readonly string[] => [...numbers, ...uuids]

/** What a result says about its host: that there is one of the kind that is asked for, or there may be. */
export type Meaning = 'is one' | 'may be one' | 'is none'

const showsOutcome = (row: Row): boolean =>
  outcomeFields.some((name) => (row[name] ?? undefined) !== undefined)

/** The hosts that results name. Bounded: beyond `max` hosts only the first ones are kept. */
export class ResultHosts {
  readonly #meaningOf: (result: Row) => Meaning
  readonly #max: number
  readonly #hosts = new Set<string>()
  readonly #possible = new Set<string>()
  /** Hosts of open results: none, unless no result at all shows how it ended. */
  readonly #open = new Set<string>()
  #showsOutcomes = false
  #lacksNumber = false
  #lacksUuid = false
  /** Number of hosts that are kept. */
  hostCount = 0
  /** Numbers of results: all, open ones, those that count or may count, and of these those that name no host. */
  read = 0
  open = 0
  counting = 0
  unclear = 0
  nameless = 0

  constructor(meaningOf: (result: Row) => Meaning, max = maxHosts) {
    this.#meaningOf = meaningOf
    this.#max = max
  }

  get isFull(): boolean {
    return this.hostCount >= this.#max
  }

  add(result: Row): void {
    this.read++
    if (!this.#showsOutcomes && showsOutcome(result)) {
      this.#showsOutcomes = true
      this.#forgetOpen()
    }
    const isOpen = outcomes['open']?.(result) === true
    const meaning = isOpen ? 'is none' : this.#meaningOf(result)
    if (isOpen) this.open++
    if (meaning === 'is one') this.counting++
    if (meaning === 'may be one') this.unclear++
    if (isOpen && !this.#showsOutcomes) this.#keep(result, this.#open)
    else if (meaning !== 'is none') this.#keep(result, meaning === 'is one' ? this.#hosts : this.#possible)
  }

  /** As if no open result was kept. Nothing else was before. */
  #forgetOpen(): void {
    this.#open.clear()
    this.#lacksNumber = false
    this.#lacksUuid = false
    this.hostCount = 0
    this.nameless = 0
  }

  #keep(result: Row, hosts: Set<string>): void {
    const host = hostOf(result)
    const keys = all(host)
    if (keys.length === 0) this.nameless++
    this.#lacksNumber ||= host.numbers.length === 0
    this.#lacksUuid ||= host.uuids.length === 0
    if (keys.length === 0 || keys.some((key) => hosts.has(key)) || this.isFull) return
    this.hostCount++
    for (const key of keys) hosts.add(key)
  }

  /** Whether a host has none of the results that are asked for; undefined if the results do not show it. */
  lacks(host: Row): Verdict {
    const keys = keysOf(host)
    if (all(keys).some((key) => this.#hosts.has(key))) return false
    if (this.isFull || all(keys).some((key) => this.#possible.has(key) || this.#open.has(key)))
      return undefined
    // A host that is in none of them, each of which names its host in a way that this host has.
    const [hasNumber, hasUuid] = [keys.numbers.length > 0, keys.uuids.length > 0]
    const isComparable =
      (hasNumber && !this.#lacksNumber) ||
      (hasUuid && !this.#lacksUuid) ||
      (hasNumber && hasUuid && this.nameless === 0)
    return isComparable ? true : undefined
  }
}
