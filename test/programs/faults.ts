import { availableParallelism } from 'node:os'
import { allCells } from '../nightly/faults/matrix.ts'
import { runInShards, runShard, shardIn } from '../nightly/faults/shards.ts'
import { cellLine, lineOf, summaryOf, totalOf } from '../nightly/faults/summary.ts'
import { hasPassed } from '../nightly/faults/trial.ts'

// Every operation under every fault that the sandbox knows, through the real server: `npm run faults`.
// --all prints every cell, --only NAMES those of some faults or tools, --summary the table of the README.

const args = process.argv.slice(2)
const at = args.indexOf('--only')
const only = at < 0 ? undefined : (args[at + 1] ?? '').split(',')
const all = allCells().filter(
  ({ line, operation }) =>
    !only || only.some((name) => [line, `${line}`.replace('login: ', ''), operation.name].includes(name)),
)

async function main(): Promise<void> {
  const share = shardIn(args)
  if (share !== undefined) return runShard(all, share)
  const began = performance.now()
  const cells = await runInShards(import.meta.url, args, all, Math.min(availableParallelism(), 4))
  for (const name of new Set(cells.map(({ line }) => line))) {
    const line = cells.filter((cell) => cell.line === name)
    console.log(lineOf(line))
    for (const cell of line) if (args.includes('--all') || !hasPassed(cell)) console.log(cellLine(cell))
  }
  if (args.includes('--summary')) console.log(`\n${summaryOf(cells)}\n`)
  console.log(totalOf(cells, (performance.now() - began) / 1000))
  process.exitCode = cells.length === all.length && cells.every(hasPassed) ? 0 : 1
}

if (all.length > 0) await main()
else {
  console.error(`No fault and no tool is called ${only?.join(' or ')}.`)
  process.exitCode = 2
}
