import { approvePending } from '../../../src/tools/effects/approval/pending-calls.ts'
import { together } from '../audit/start-line.ts'

// Run as processes of its own: approves every code that it is the first to approve, and prints it.

const [stateDir = '', ...codes] = process.argv.slice(2)
await together()
for (const code of codes) if (approvePending(stateDir, code)) process.stdout.write(`${code}\n`)
