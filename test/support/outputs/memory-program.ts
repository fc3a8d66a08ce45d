import { RunDigest } from './digest.ts'
import { largeHosts, largeRuns } from './large-outputs.ts'
import { resultOf, rowsOf } from './rows.ts'

// Reads one of the large runs in batches, as a run is read, and digests it, or only reads it. Prints what it used.
// node --expose-gc memory-program RUN digest|read

/** As many hosts as the session asks for at once, or fewer where their outputs are large. */
const batchSize = 50
const maxBatchCharacters = 25_000_000

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})

/** The memory in use in MiB. */
function liveMiB(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

async function main(runIndex: number, mode: string): Promise<void> {
  const run = largeRuns[runIndex]
  if (!run) throw new Error(`there is no run ${runIndex}`)
  const size = Math.min(batchSize, Math.floor(maxBatchCharacters / run.characters))
  const digest = new RunDigest()
  const before = liveMiB()
  let most = before
  let characters = 0
  for (let from = 0; from < run.hosts; from += size) {
    for (const row of rowsOf(largeHosts(run, from, Math.min(size, run.hosts - from)))) {
      const result = resultOf(row)
      characters += result.output?.length ?? 0
      if (mode === 'digest') digest.add(result)
    }
    // Not after each small batch: collecting takes longer than reading it.
    if (from % 500 === 0) most = Math.max(most, liveMiB())
  }
  const kinds = await digest.kinds()
  most = Math.max(most, liveMiB())
  const peakMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(`${JSON.stringify({ kinds, characters, liveMiB: most - before, peakMiB })}\n`)
  // Still in use above.
  await digest.kinds()
}

await main(Number(process.argv[2]), process.argv[3] ?? '')
