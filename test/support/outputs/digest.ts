import { Clusters } from '../../../src/tools/workflows/run/clusters.ts'
import type { HostResult } from '../../../src/tools/workflows/run/host-output.ts'

// The digest alone, without a run. Besides run-reply.ts, the only file that knows how it is called.

/** Compares the results of hosts. */
export class RunDigest {
  readonly #clusters = new Clusters()

  add(result: HostResult): void {
    this.#clusters.add(result)
  }

  /** The number of kinds. */
  async kinds(): Promise<number> {
    return this.#clusters.size
  }
}
