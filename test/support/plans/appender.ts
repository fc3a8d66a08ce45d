import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: appends to one journal, and prints the numbers of the lines that it wrote.

const [stateDir = '', id = '', count = '0', who = ''] = process.argv.slice(2)
const journals = openPlanFiles(stateDir)
const written: number[] = []
let lines = journals.read(id)
await waitForOthers()
while (written.length < Number(count)) {
  const counts = { succeeded: 0, failed: 0, unknown: 0, open: 2 }
  const line = journals.append(id, lines, { kind: 'seen', wave: 0, counts }, who)
  if (line) written.push(line.seq)
  lines = line ? [...lines, line] : journals.read(id)
}
process.stdout.write(JSON.stringify(written))
