import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { bundled } from '../../support/audit/processes.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { row, success } from '../../support/session/qps.ts'

// XML that is too large for a process: it needs neither more memory than there is, nor hours. Sizes that are refused:
// test/integration/session/qps-large.test.ts.

const test = testOn()

// Read into objects, 50 MiB of XML take a gigabyte.
test('50 MiB do not need more memory than they have', async ({ sandbox }) => {
  const one = row('User', 1, `<title>${'x'.repeat(1_000)}</title>`)
  const body = success(`<data>${one.repeat(Math.ceil((50 * 1024 * 1024) / one.length))}</data>`)
  await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
  const env = { ...environmentFor(sandbox), NODE_OPTIONS: '--max-old-space-size=128' }
  const { code, stdout, stderr } = await run(['call', 'saq_search_users'], processEnvironment(env))
  expect(stdout + stderr).toContain('larger than 8 MiB of XML')
  expect(code).toBe(1)
})

// A search for a DTD outside of CDATA that begins anew at each of its beginnings takes an hour.
test('sixteen megabytes of CDATA that is not closed are read, also with a DTD behind them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-xml-'))
  const script = await bundled(new URL('../../support/session/read-xml.ts', import.meta.url), folder)
  // In a process of its own, since one that hangs has to be ended.
  const child = spawn(process.execPath, [script], { timeout: 30_000, stdio: ['ignore', 'ignore', 'inherit'] })
  expect(await once(child, 'close')).toEqual([0, null])
  rmSync(folder, { recursive: true })
})
