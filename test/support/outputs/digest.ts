import { Digest } from '../../../src/tools/digest/digest.ts'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'
import type { Kind } from '../../../src/tools/digest/kind.ts'

// The digest alone, without a run. Besides run-reply.ts, the only file that knows how it is called.

/** Compares the results of hosts. */
export class RunDigest {
  readonly #digest = new Digest()

  add(result: HostResult): void {
    this.#digest.add(result)
  }

  /** The number of kinds. */
  async kinds(): Promise<number> {
    return (await this.#digest.kinds()).length
  }
}

/** Hosts `ws-000`, `ws-001`, … that printed this. */
export const hostsOf = (count: number, output: (index: number) => string): HostResult[] =>
  Array.from({ length: count }, (_, index) => ({
    assetJobId: String(50_000 + index),
    host: `ws-${String(index).padStart(3, '0')}`,
    outcome: 'succeeded',
    output: output(index),
  }))

/** The kinds of some results. */
export function digestOf(results: readonly HostResult[]): Promise<readonly Kind[]> {
  const digest = new Digest()
  for (const result of results) digest.add(result)
  return digest.kinds()
}
