import { takeApproval } from '../../../src/tools/effects/approval/pending-calls.ts'
import { together } from '../audit/start-line.ts'

// Run as processes of its own: takes every approval it can get, and prints which it got.

const [stateDir = '', ...digests] = process.argv.slice(2)
await together()
for (const digest of digests) if (takeApproval(stateDir, digest)) process.stdout.write(`${digest}\n`)
