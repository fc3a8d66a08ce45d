import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { ownUserId, setOwnUserId } from '../../../src/shared/own-user.ts'
import { auditFileNotes } from '../../../src/tools/effects/audit/audit-file.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'

// A log that others may write proves nothing: it is not written, and verification says so.

let folder: string
let path: string
beforeEach(() => {
  const parent = mkdtempSync(join(tmpdir(), 'qualys-exposure-'))
  folder = join(parent, 'logs')
  mkdirSync(folder)
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const openLog = () => new AuditLog({ path, redact: (text) => text })

function writeLog(): void {
  const log = openLog()
  log.record('asked', { call: 'x' })
  log.close()
}

const modes = describe.skipIf(process.platform === 'win32')

modes('who may write the file', () => {
  test.each([0o600, 0o640, 0o644, 0o400 | 0o200])('mode %o: the owner alone', async (mode) => {
    writeLog()
    chmodSync(path, mode)
    expect(() => writeLog()).not.toThrow()
    expect(auditFileNotes(path)).toEqual([])
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test.each([
    [0o620, '0620'],
    [0o602, '0602'],
    [0o666, '0666'],
    [0o777, '0777'],
  ])('mode %o: others as well', async (mode, shown) => {
    writeLog()
    chmodSync(path, mode)
    const size = statSync(path).size
    const fault = `other users may write it (mode ${shown})`
    expect(() => writeLog()).toThrow(SetupError)
    expect(() => writeLog()).toThrow(`The audit log (QUALYS_AUDIT_FILE) cannot be written: ${fault}.`)
    expect(statSync(path).size).toBe(size)
    expect(auditFileNotes(path)).toEqual([
      `effects are refused, since the audit log (QUALYS_AUDIT_FILE) is not safe: ${fault}`,
    ])
    const { lines, ok } = await verifyAudit(path)
    expect(ok).toBe(false)
    expect(lines).toEqual([`the file proves nothing: ${fault}`, '1 chain, 3 lines: 1 finding'])
  })

  test('also if the mode changes while the log is open', () => {
    const log = openLog()
    log.record('asked', {})
    chmodSync(path, 0o666)
    expect(() => log.record('sent', {})).toThrow(/other users may write it/)
    chmodSync(path, 0o600)
    expect(() => log.record('sent', {})).not.toThrow()
    log.close()
  })
})

modes('who may write its folder', () => {
  test.each([0o755, 0o700, 0o1777, 0o1775])('mode %o: nobody else may replace the file', async (mode) => {
    chmodSync(folder, mode)
    expect(() => writeLog()).not.toThrow()
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test.each([
    [0o777, '0777'],
    [0o775, '0775'],
    [0o757, '0757'],
  ])('mode %o: others may replace it', async (mode, shown) => {
    writeLog()
    chmodSync(folder, mode)
    const fault = `other users may replace it, since they may write its folder (mode ${shown})`
    expect(() => writeLog()).toThrow(fault)
    expect((await verifyAudit(path)).lines[0]).toBe(`the file proves nothing: ${fault}`)
    chmodSync(folder, 0o755)
  })

  test('a new log is not begun there', () => {
    chmodSync(folder, 0o777)
    expect(() => writeLog()).toThrow(/may write its folder/)
  })
})

modes('a file or folder of another user', () => {
  afterEach(() => setOwnUserId(undefined))

  /** Makes another user own it: root gives it away, others take another id. */
  const giveAway = (owned: string): void => {
    if (ownUserId() === 0) chownSync(owned, 4242, 4242)
    else setOwnUserId(ownUserId() + 1)
  }

  test('is not written, and may be verified by an auditor', async () => {
    writeLog()
    giveAway(path)
    expect(() => writeLog()).toThrow(/it belongs to another user/)
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test.runIf(ownUserId() === 0)('is not written if only the folder is', () => {
    writeLog()
    giveAway(folder)
    expect(() => writeLog()).toThrow(/its folder belongs to another user/)
  })
})

describe('an empty file at the start of a server', () => {
  test('is said, since its lines may have been taken away', () => {
    expect(auditFileNotes(path)).toEqual([])
    writeFileSync(path, '')
    expect(auditFileNotes(path)).toEqual([
      'the audit log (QUALYS_AUDIT_FILE) is an empty file: a rotation may leave one, otherwise its lines were taken away',
    ])
    writeLog()
    expect(auditFileNotes(path)).toEqual([])
    expect(auditFileNotes(folder)).toEqual([])
  })
})
