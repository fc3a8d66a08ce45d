import { approvePending, declinePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes, each with yes and no by chance: answers every code that it is the first to answer, and
// prints it.

const [stateDir = '', ...codes] = process.argv.slice(2)
await waitForOthers()
for (const code of codes) {
  const answer = Math.random() < 0.5 ? approvePending : declinePending
  if (answer(stateDir, code)) process.stdout.write(`${code}\n`)
}
