import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../fuzz/seeded-random.ts'
import { exchange, piecesOf } from './exchange.ts'
import { brokenRequest } from './requests/broken.ts'
import { cancelledRequests } from './requests/cancelled.ts'
import { draftFor } from './requests/draft.ts'
import { type MessageMaker, messageRequest } from './requests/messages.ts'
import { wholeRequest } from './requests/whole.ts'
import { kindOf, messagesIn } from './responses/answers.ts'
import { readResponses } from './responses/responses.ts'
import type { ServiceWatch } from './service-watch.ts'
import { type Ending, faultOf, type Outcome, type Sent, type Trial } from './trial.ts'

/** The sizes of the pieces in which so many bytes are written; mostly one piece. */
function piecesFor(random: SeededRandom, bytes: number): readonly number[] {
  if (!random.chance(15)) return []
  const most = Math.max(1, Math.min(bytes, random.of([8, 200, 100_000])))
  return random.times(1 + random.below(6), () => 1 + random.below(most))
}

/** The beginning of a request. */
function cutRequest(random: SeededRandom, whole: Sent): Sent {
  const length = 1 + random.below(whole.bytes.length - 1)
  const title = `the first ${length} bytes of ${whole.title}`
  return { title, bytes: whole.bytes.subarray(0, length), nature: 'cut', statuses: [] }
}

/** A trial with these requests; nothing follows one with which the connection ends. */
function newTrial(sent: readonly Sent[], ending: Ending, random?: SeededRandom): Trial {
  const bytes = sent.reduce((sum, one) => sum + one.bytes.length, 0)
  const pieces = random ? piecesFor(random, bytes) : []
  const last = sent.findIndex(({ isLast }) => isLast)
  if (last < 0 || ending !== 'last request') return { sent, ending, pieces }
  return { sent: sent.slice(0, last + 1), ending: 'server', pieces }
}

/** The requests of one connection, at most so many. */
export function nextTrial(maker: MessageMaker, most = 5): Trial {
  const { random, endpoint, modern } = maker
  // In 2026-07-28 a client cancels by closing the response.
  if (!modern && random.chance(2)) {
    const { sent, meanwhile } = cancelledRequests(maker)
    return { ...newTrial(sent, 'last request', random), meanwhile }
  }
  const whole = (): Sent =>
    random.chance(62) ? messageRequest(maker) : wholeRequest(random, endpoint, modern)
  const broken = (): Sent => brokenRequest(random, draftFor(random, endpoint, ''))
  const [sent, ending] = random.weighted<() => readonly [Sent[], Ending]>([
    [62, () => [[whole()], 'last request']],
    [10, () => [random.times(2 + random.below(4), whole), 'last request']],
    [17, () => [[broken()], 'last request']],
    [4, () => [[whole(), broken()], 'last request']],
    [4, () => [[cutRequest(random, whole())], 'end']],
    [2, () => [random.times(2 + random.below(3), whole), 'reset']],
    [3, () => [[random.chance(50) ? whole() : cutRequest(random, whole())], 'reset']],
  ])()
  return newTrial(sent.slice(0, most), ending, random)
}

/** The other connection has been read by then. */
const meanwhileMs = 50

/** Bytes as they stand in a report. */
function quoted(bytes: Buffer): string {
  const text = JSON.stringify(bytes.toString('latin1'))
  return text.length > 1_500 ? `${text.slice(0, 1_000)} … ${text.slice(-400)} (${bytes.length} bytes)` : text
}

/** Makes trials, and reports what is wrong with what comes of them. */
export class Trials {
  readonly #port: number
  readonly #watch: ServiceWatch
  readonly #open = new Set<Trial>()
  readonly received = new Map<string, number>()
  sent = 0
  connections = 0

  constructor(port: number, watch: ServiceWatch) {
    this.#port = port
    this.#watch = watch
  }

  /** One connection with at most so many requests; returns how many it had. */
  async next(maker: MessageMaker, lane: string, most: number): Promise<number> {
    const trial = nextTrial(maker, most)
    this.#open.add(trial)
    // What is open when the service ends may be what has ended it.
    const count = (await Promise.all([this.#try(trial, lane), this.#tryMeanwhile(trial, lane)])).reduce(
      (sum, sent) => sum + sent,
    )
    this.#open.delete(trial)
    return count
  }

  async #try(trial: Trial, lane: string): Promise<number> {
    const outcome = await exchange(trial, this.#port)
    this.sent += trial.sent.length
    this.connections++
    this.#note(trial, outcome)
    const fault = this.#faultOf(trial, outcome)
    if (fault !== undefined) await this.#report(trial, fault, lane, outcome.isLate)
    return trial.sent.length
  }

  async #tryMeanwhile({ meanwhile = [] }: Trial, lane: string): Promise<number> {
    if (meanwhile.length === 0) return 0
    await pause(meanwhileMs)
    return await this.#try(newTrial(meanwhile, 'last request'), lane)
  }

  /** The requests that are being answered, as they stand in a report. */
  open(): string {
    return [...this.#open].map((trial) => this.#quoted(trial)).join('\n')
  }

  #quoted(trial: Trial): string {
    const titles = trial.sent.map(({ title }) => title).join(' | ')
    return `${titles}\n  sent ${piecesOf(trial, this.#port).map(quoted).join('\n   and ')}`
  }

  #faultOf(trial: Trial, outcome: Outcome): string | undefined {
    return faultOf(trial, outcome) ?? this.#watch.faultOfBytes(outcome.bytes)
  }

  #note({ sent }: Trial, { bytes }: Outcome): void {
    const count = (kind: string): void => void this.received.set(kind, (this.received.get(kind) ?? 0) + 1)
    for (const response of readResponses(bytes, (index) => sent[index]?.isHead === true).responses) {
      count(String(response.status))
      for (const message of messagesIn(response)) count(kindOf(message))
    }
  }

  /** Reports the shortest trial that is found to have the fault. */
  async #report(trial: Trial, fault: string, lane: string, isLate: boolean): Promise<void> {
    let [shown, told] = [trial, fault]
    const ending = trial.ending === 'server' ? 'last request' : trial.ending
    const shorter = [...trial.sent.map((one) => newTrial([one], ending)), newTrial(trial.sent, ending)]
    // Each would take as long.
    for (const one of isLate ? [] : shorter) {
      const again = this.#faultOf(one, await exchange(one, this.#port))
      if (again === undefined) continue
      ;[shown, told] = [one, again]
      break
    }
    this.#watch.report(
      `${lane}: ${told}\n  ${this.#quoted(shown)}`,
      told.replace(/"(?:[^"\\]|\\.)*"|\d+/g, '…').slice(0, 120),
    )
  }
}
