import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { showAudit } from '../../../src/tools/effects/audit/show/show-audit.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'

// A log that an earlier version wrote, which kept previews as text: it verifies as ever, and is read as ever.

const earlier = readFileSync(new URL('../../support/audit/earlier-log.jsonl', import.meta.url), 'utf8')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-earlier-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

/** The log with one text of its approval replaced, and the hash of this line made to fit. */
function forged(from: string, to: string): string {
  const lines = earlier.split('\n').map((line) => {
    if (!line.includes('"event":"approved"')) return line
    const body = line.replace(from, to).replace(/,"hash":"[0-9a-f]{64}"\}$/, '}')
    expect(line).toContain(from)
    return `${body.slice(0, -1)},"hash":"${createHash('sha256').update(body).digest('hex')}"}`
  })
  return lines.join('\n')
}

test('it is intact', async () => {
  expect(await verifyAudit(write(earlier))).toEqual({ lines: ['1 chain, 5 lines: intact'], ok: true })
})

test.each([
  ['a line', 'script 7: \\"Restart\\"', 'script 7: \\"Refresh\\"'],
  ['a row', 'pos-2', 'pos-9'],
  ['a label', 'hosts (id, name, platform)', 'hosts (id, name)'],
  ['the hash of a long text', '"sha256":"3f53', '"sha256":"4f53'],
])('a preview with another text than was approved is found: %s', async (_what, from, to) => {
  const { lines } = await verifyAudit(write(forged(from, to)))
  expect(lines).toContain('line 3: its preview is not the one that was approved')
})

test('its preview is shown as it was', async () => {
  const { lines, ok } = await showAudit(write(earlier), '0123456789abcdef')
  expect(ok).toBe(true)
  const from = lines.indexOf('    shown:')
  expect(lines.slice(from + 1, lines.indexOf('    ids of hosts (3):'))).toEqual(
    [
      'Run a script on hosts (execute): 3 hosts, 1 script',
      '! A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
      'script 7: "Restart"',
      '  platform: "LINUX"',
      '  content: 2 lines, 14 characters, sha256 4a1a08623c4229c250a4ef602f5bee51ebf8c4873f06c6e37388734bb31f53b7',
      '  "echo 1"',
      '  "reboot"',
      '  (the whole text is sealed with the hash 3f53ebd5f654777288bf4be0dfbf54a55c107ac142c5e5bc938d7ed0846f6de4)',
      'hosts (id, name, platform):',
      String.raw`  "1", "pos-1 \"x\"", "LINUX"`,
      String.raw`  "2", "pos-2 \"x\"", "LINUX"`,
      'hosts that could not be looked up (id):',
      '  "3"',
      'description (1 value):',
      String.raw`  "why\nlong long long long long long long long long long long long long long long "`,
      '    "long long long long long long long long long long long long long long long end"',
      'account: "https://gateway.example somebody"',
    ].map((line) => `        ${line}`),
  )
})
