import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { bundleScript, runConcurrently } from '../../support/audit/processes.ts'

// Tests of the audit log that need other processes; the rest is in test/unit/audit.

const appender = new URL('../../support/audit/appender.ts', import.meta.url)
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-audit-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const plain = (text: string): string => text
const linesOf = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)

test('two processes append 500 effects each to one file: intact', async () => {
  const script = await bundleScript(appender, folder)
  expect(await runConcurrently(script, 2, [path, '500'])).toEqual(['', ''])
  expect(await verifyAudit(path)).toEqual({ lines: ['2 chains, 4,004 lines: intact'], ok: true })
})

test('a disk that fills up in the middle of a line: the chain ends, and the next one starts on a new line', async () => {
  const script = await bundleScript(appender, folder)
  // The shell's limit on the size of files simulates a full disk.
  const command = 'ulimit -f 16; exec "$0" "$@"'
  const args = ['-c', command, process.execPath, script, path, '500']
  const said = execFileSync('bash', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  expect(said.trim().split('\n')).toEqual(
    Array(2).fill(expect.stringMatching(/^SetupError: The audit log \(QUALYS_AUDIT_FILE\).* disk filled up/)),
  )
  expect(statSync(path).size).toBe(16 * 1024)
  const whole = linesOf().length
  const { lines, ok } = await verifyAudit(path)
  expect(ok).toBe(false)
  expect(lines).toHaveLength(4)
  expect(lines[0]).toBe(`line ${whole + 1}: cut off, or its line break was taken away`)

  const log = new AuditLog({ path, redact: plain })
  log.record('asked', {})
  log.close()
  const after = await verifyAudit(path)
  expect(after.lines).toEqual([
    `line ${whole + 1}: no line of an audit log, or only a part of one`,
    expect.stringMatching(`has no end after line ${whole}: `),
    `2 chains, ${whole + 4} lines: 2 findings`,
  ])
})

test.skipIf(process.platform === 'win32')('a pipe in its place is refused, and does not block', () => {
  execFileSync('mkfifo', [path])
  const log = new AuditLog({ path, redact: plain })
  for (const _ of [1, 2]) {
    expect(() => log.record('asked', {})).toThrow(SetupError)
    expect(() => log.record('asked', {})).toThrow(/no regular file/)
  }
  expect(() => log.close()).not.toThrow()
})
