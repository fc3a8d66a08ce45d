import { trials, tryAll } from '../faults/matrix.ts'
import { cellLine, lineOf, summaryOf, totalOf } from '../faults/printed.ts'
import { passed } from '../faults/trial.ts'

// Every operation under every fault that the sandbox knows, through the real server: `npm run faults`.
// --all prints every cell, --only NAME those of one fault or tool, --summary the table of the README.

const args = process.argv.slice(2)
const at = args.indexOf('--only')
const only = at < 0 ? undefined : (args[at + 1] ?? '')
const all = trials().filter(
  ({ line, operation }) =>
    only === undefined || line === only || line === `login: ${only}` || operation.name === only,
)
if (all.length === 0) {
  console.error(`No fault and no tool is called "${only}".`)
  process.exit(2)
}
const began = performance.now()
const cells = await tryAll(all)
for (const name of new Set(cells.map(({ line }) => line))) {
  const line = cells.filter((cell) => cell.line === name)
  console.log(lineOf(line))
  for (const cell of line) if (args.includes('--all') || !passed(cell)) console.log(cellLine(cell))
}
if (args.includes('--summary')) console.log(`\n${summaryOf(cells)}\n`)
console.log(totalOf(cells), `${((performance.now() - began) / 1000).toFixed(0)} s`)
process.exitCode = cells.every(passed) ? 0 : 1
