import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import type { AuditEvent } from '../../../src/tools/tool.ts'
import { waitForOthers } from './start-barrier.ts'

// Runs as several processes: appends effects to a log, and prints why it stopped early.

const [path = '', effects = '0'] = process.argv.slice(2)
const events: readonly AuditEvent[] = ['asked', 'approved', 'sent', 'answered']
const log = new AuditLog({ path, redact: (text) => text })
await waitForOthers()
try {
  for (let effect = 0; effect < Number(effects); effect += 1)
    for (const event of events)
      log.record(event, { effect, tool: 'car_execute_script', note: 'x'.repeat(effect) })
} catch (error) {
  for (const again of [error, errorOf(() => log.record('asked', {}))]) process.stdout.write(`${again}\n`)
}
log.close()

function errorOf(work: () => void): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
