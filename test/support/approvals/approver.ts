import { approvePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: approves every code that it is the first to approve, and prints it.

const [stateDir = '', ...codes] = process.argv.slice(2)
await waitForOthers()
for (const code of codes) if (approvePending(stateDir, code)) process.stdout.write(`${code}\n`)
