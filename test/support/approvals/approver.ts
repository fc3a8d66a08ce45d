import { approveCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'
import { inTerminal } from './decisions.ts'

// Runs as several processes: approves every call that it is the first to approve, and prints its digest.

const [stateDir = '', ...digests] = process.argv.slice(2)
await waitForOthers()
for (const digest of digests)
  if (approveCall(stateDir, digest, inTerminal())) process.stdout.write(`${digest}\n`)
