import { listCalls } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { waitForOthers } from '../audit/start-barrier.ts'
import { recordKeeper } from './stores.ts'

// Runs as several processes: uses the record of every approved call, as if each was about to send it, and prints the
// digests of those that it may send.

const [stateDir = ''] = process.argv.slice(2)
const approved = listCalls(stateDir).filter(({ state }) => state === 'approved')
const { use } = recordKeeper(stateDir)
await waitForOthers()
for (const call of approved) if (use(call)) process.stdout.write(`${call.digest}\n`)
