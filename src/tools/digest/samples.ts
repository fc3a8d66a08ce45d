import { characterBoundary } from '../replies/slices/boundaries.ts'
import { type HostResult, hostNameOf } from './host-result.ts'
import { hashOf } from './lines/hashes.ts'
import { withoutName } from './lines/output-lines.ts'

/** Characters of an output that are kept to be shown. */
const maxLength = 4_000
const maxSamples = 2_000

/** A copy, so that a clipped text does not keep the whole one in memory. */
const copyText = (text: string): string => Buffer.from(text).toString()

/** The beginning of one output, and whose it is. */
export interface Sample {
  readonly result: HostResult
  /** Number of characters of the output before clipping. */
  readonly characters: number
}

/** The order in which hosts are named. */
export function compareHosts(a: HostResult, b: HostResult): number {
  const [first, second] = [hostNameOf(a), hostNameOf(b)]
  if (first !== second) return first < second ? -1 : 1
  return a.assetJobId < b.assetJobId ? -1 : Number(a.assetJobId > b.assetJobId)
}

/** The result with at most as much of its output as a sample keeps. */
function sampleOf(result: HostResult): Sample {
  const { output } = result
  const characters = output?.length ?? 0
  if (output === undefined) return { result, characters }
  return {
    result: { ...result, output: copyText(output.slice(0, characterBoundary(output, maxLength))) },
    characters,
  }
}

/**
 * One output for each set of forms, in bounded memory. Which ones are kept depends on the sets and the names of the
 * hosts, not on the order in which they come.
 */
export class Samples {
  readonly #bySignature = new Map<number, Sample>()
  #largest = 0

  add(signature: number, result: HostResult): void {
    const known = this.#bySignature.get(signature)
    if (known && compareHosts(known.result, result) <= 0) return
    if (!known && this.#bySignature.size >= maxSamples) {
      if (signature >= this.#largest) return
      this.#bySignature.delete(this.#largest)
    }
    this.#bySignature.set(signature, sampleOf(result))
    if (!known) this.#largest = [...this.#bySignature.keys()].reduce((a, b) => Math.max(a, b), 0)
  }

  get(signature: number): Sample | undefined {
    return this.#bySignature.get(signature)
  }
}

/** A key for results that are compared with each other: what differs in it is another kind. */
export const resultKey = ({ outcome, code, text, host, output, hidesOutput }: HostResult): string =>
  JSON.stringify([
    outcome,
    code,
    text && withoutName(text, host).replace(/\p{N}+/gu, '#'),
    output === undefined,
    hidesOutput === true,
    output !== undefined && output.trim() === '',
  ])

export const signatureOf = (key: string, lines: number): number => hashOf(`${key} ${lines}`)
