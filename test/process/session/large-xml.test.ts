import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { bundleScript } from '../../support/audit/processes.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { row, success } from '../../support/session/qps.ts'

// XML that is large for a process: reading it must stay within memory and time. Sizes that are refused:
// test/integration/session/saq/qps-large.test.ts.

const test = testOn()

// The values of 50 MiB of rows take about as much, and are read while they come.
test('50 MiB are read within a small heap', async ({ sandbox }) => {
  const one = row('User', 1, `<title>${'x'.repeat(1_000)}</title>`)
  const body = success(`<data>${one.repeat(Math.ceil((50 * 1024 * 1024) / one.length))}</data>`)
  await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
  const env = { ...environmentFor(sandbox), NODE_OPTIONS: '--max-old-space-size=256' }
  const { code, stdout, stderr } = await runProgram(['call', 'saq_search_users'], processEnvironment(env))
  expect(stderr).not.toContain('heap')
  expect(stdout).toContain('rows')
  expect(code).toBe(0)
})

// A search for a DTD outside of CDATA that restarts at each CDATA start takes an hour.
test('sixteen megabytes of CDATA that is not closed are read, also with a DTD after them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-xml-'))
  const script = await bundleScript(new URL('../../support/session/read-xml.ts', import.meta.url), folder)
  // In a process of its own, since a hanging one has to be killed.
  const child = spawn(process.execPath, [script], { timeout: 30_000, stdio: ['ignore', 'ignore', 'inherit'] })
  expect(await once(child, 'close')).toEqual([0, null])
  rmSync(folder, { recursive: true })
})
