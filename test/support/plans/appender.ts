import { setTimeout } from 'node:timers/promises'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: appends to one journal, and prints the numbers of the lines that it wrote.

const [stateDir = '', id = '', count = '0', name = ''] = process.argv.slice(2)
const who = `${name} ${process.pid}`
const journals = openPlanFiles(stateDir)
const written: number[] = []
let lines = journals.read(id)

function append(): void {
  const counts = { succeeded: 0, failed: 0, unknown: 0, open: 2 }
  const line = journals.append(id, lines, { kind: 'seen', wave: 0, counts }, who)
  if (line) written.push(line.seq)
  lines = line ? [...lines, line] : journals.read(id)
}

const isOfAnother = (one: string): boolean => one.startsWith(name) && one !== who

await waitForOthers()
while (written.length === 0) append()
// One that is scheduled late would find the other one done, and nothing would be tried.
while (!lines.some((line) => isOfAnother(line.who))) {
  await setTimeout(1)
  lines = journals.read(id)
}
while (written.length < Number(count)) append()
process.stdout.write(JSON.stringify(written))
