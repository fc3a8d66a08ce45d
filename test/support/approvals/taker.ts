import { takeApproval } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: takes every approval that it can get, and prints which ones.

const [stateDir = '', ...digests] = process.argv.slice(2)
await waitForOthers()
for (const digest of digests) if (takeApproval(stateDir, digest)) process.stdout.write(`${digest}\n`)
