import { Digest } from '../../../src/tools/digest/digest.ts'
import type { HostResult } from '../../../src/tools/digest/host-result.ts'

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
