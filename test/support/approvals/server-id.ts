import { serverIdOf } from '../../../src/tools/effects/approval/server-id.ts'
import { waitForOthers } from '../audit/start-barrier.ts'

// Runs as several processes: asks for the id of each state folder with an id of its own, and prints what it gets.

const folders = process.argv.slice(2)
const own = process.pid.toString(16).padStart(12, '0')
await waitForOthers()
for (const folder of folders)
  process.stdout.write(`${serverIdOf(folder, `00000000-0000-4000-8000-${own}`)}\n`)
