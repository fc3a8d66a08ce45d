import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'

test('a line too large for memory is skipped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-verify-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'audit.jsonl')
  const log = new AuditLog({ path, redact: (text) => text })
  log.record('asked', {})
  log.close()
  // A hole at the end of the file: one line of 600 MB.
  truncateSync(path, 600 * 1024 * 1024)
  expect((await verifyAudit(path)).lines).toEqual([
    'line 4: cut off, or its line break was taken away',
    'line 4: longer than this log writes any',
    '1 chain, 4 lines: 2 findings',
  ])
})
