import { approveCall, declineCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'
import { inTerminal } from './decisions.ts'

// Runs as several processes, each with yes and no by chance: answers every call that it is the first to answer, and
// prints its digest.

const [stateDir = '', ...digests] = process.argv.slice(2)
await waitForOthers()
for (const digest of digests) {
  const isFirst =
    Math.random() < 0.5
      ? approveCall(stateDir, digest, inTerminal())
      : declineCall(stateDir, digest, { way: 'terminal' })
  if (isFirst) process.stdout.write(`${digest}\n`)
}
