import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { maxLineBytes } from '../../../src/tools/effects/audit/audit-line.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { canary } from '../../support/canary.ts'
import { leaks } from '../../support/leak-search.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-audit-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const plain = (text: string): string => text
/** The lines about effects: all but the first of a chain. */
const linesOf = (file = path): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .filter((line) => !line.includes('"event":"start"'))
const entriesOf = (file = path): Record<string, unknown>[] => linesOf(file).map((line) => JSON.parse(line))

describe('a line', () => {
  test('holds chain, number, the hash before, time, event, facts and its own hash', () => {
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', { tool: 'car_execute_script', assets: [1, 2] })
    log.record('refused', { reason: 'nobody to ask' })
    log.close()
    const entries = entriesOf()
    expect(entries).toMatchObject([
      { seq: 1, event: 'asked', facts: { tool: 'car_execute_script', assets: [1, 2] } },
      { seq: 2, prev: entries[0]?.['hash'], event: 'refused', facts: { reason: 'nobody to ask' } },
      { seq: 3, prev: entries[1]?.['hash'], event: 'end', facts: {} },
    ])
    expect(new Set(entries.map(({ chain }) => chain)).size).toBe(1)
    for (const { time } of entries) expect(new Date(String(time)).toISOString()).toBe(time)
    for (const line of linesOf()) {
      const without = line.replace(/,"hash":"[0-9a-f]{64}"\}$/, '}')
      expect(JSON.parse(line).hash).toBe(createHash('sha256').update(without).digest('hex'))
    }
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('holds no secret, including names of facts and truncated texts', async () => {
    const secret = canary('audit')
    const log = new AuditLog({ path, redact: redactor([new Secret(secret)]).redact })
    log.record('asked', { deep: [{ [secret]: `a ${secret} b` }], encoded: encodeURIComponent(secret) })
    for (const length of [16_370, 16_380, 16_384])
      log.record('sent', { content: 'x'.repeat(length) + secret, more: 'y'.repeat(maxLineBytes) })
    log.close()
    expect(leaks(readFileSync(path, 'utf8'))).toEqual([])
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test('stays one line whatever the facts are, and moves no cursor', async () => {
    const hostile = '\u001b[2J\r\n{"chain":"x"}\n\u0000\u007f\u0085\u009b31m\u2028\u202e\u200b\ud800\u{e0041}'
    const facts = { [hostile]: hostile, ['__proto__']: { polluted: 1 }, hash: 'mine', seq: 99, event: 'end' }
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', facts)
    log.close()
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(/^[ -~\n]*$/)
    expect(linesOf()).toHaveLength(2)
    const [kept] = entriesOf()
    expect(kept).toMatchObject({ seq: 1, event: 'asked' })
    expect(kept?.['facts']).toEqual(JSON.parse(JSON.stringify(facts)))
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test.each([
    ['a text', { tool: 'car_create_script', content: '€'.repeat(400_000) }],
    ['a list', { tool: 'car_create_script', ids: Array.from({ length: 200_000 }, (_, id) => id) }],
    ['names', { tool: 'car_create_script', ...Object.fromEntries([['n'.repeat(300_000), 1]]) }],
    [
      'many of everything',
      {
        tool: 'car_create_script',
        rows: Array.from({ length: 500 }, () => ({ text: 'z'.repeat(500), list: Array(500).fill('w') })),
      },
    ],
  ])('is at most 64 KB long: %s is truncated, and the line says so', async (_what, facts) => {
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', facts)
    log.close()
    const [line = ''] = linesOf()
    expect(Buffer.byteLength(line)).toBeLessThan(maxLineBytes)
    const [entry] = entriesOf()
    expect(entry?.['cutFrom']).toBeGreaterThan(maxLineBytes)
    expect(line).toMatch(/cut, [\d]+ (characters|entries)/)
    expect((await verifyAudit(path)).ok).toBe(true)
  })
})

describe('the end', () => {
  test('is written once; without a record there is no file', () => {
    const silent = new AuditLog({ path, redact: plain })
    silent.close()
    expect(existsSync(path)).toBe(false)
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', {})
    log.close()
    log.close()
    expect(entriesOf().map(({ event }) => event)).toEqual(['asked', 'end'])
    expect(() => log.record('sent', {})).toThrow(SetupError)
    expect(linesOf()).toHaveLength(2)
  })
})

describe('a file that cannot be written refuses, and names the setting', () => {
  const places: readonly (readonly [string, RegExp, () => string])[] = [
    ['a folder', /folder/, () => folder],
    ['a missing folder', /its folder does not exist/, () => join(folder, 'none', 'audit.jsonl')],
    [
      'a folder that is a file',
      /its folder is a file/,
      () => {
        writeFileSync(path, '')
        return join(path, 'audit.jsonl')
      },
    ],
    [
      'a symbolic link',
      /symbolic link/,
      () => {
        writeFileSync(join(folder, 'target'), '')
        symlinkSync(join(folder, 'target'), path)
        return path
      },
    ],
    [
      'a dangling symbolic link',
      /symbolic link/,
      () => {
        symlinkSync(join(folder, 'target'), path)
        return path
      },
    ],
    ['a device', /no regular file/, () => '/dev/null'],
    ['an invalid name', /the system says/, () => 'a\0b'],
  ]
  test.skipIf(process.platform === 'win32').each(places)('%s', (_what, reason, place) => {
    const log = new AuditLog({ path: place(), redact: plain })
    for (const _ of [1, 2]) {
      expect(() => log.record('asked', {})).toThrow(SetupError)
      expect(() => log.record('asked', {})).toThrow(reason)
      expect(() => log.record('asked', {})).toThrow(/^The audit log \(QUALYS_AUDIT_FILE\) .*\.$/)
    }
    expect(() => log.close()).not.toThrow()
    const target = join(folder, 'target')
    expect(existsSync(target) && statSync(target).size > 0).toBe(false)
  })
})

describe('a file that is moved away', () => {
  test('rotated: its chain ends there, and another begins in the new file', async () => {
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', { n: 1 })
    renameSync(path, `${path}.1`)
    log.record('sent', { n: 2 })
    log.close()
    expect(entriesOf(`${path}.1`).map(({ event }) => event)).toEqual(['asked', 'end'])
    expect(entriesOf().map(({ event, seq }) => [event, seq])).toEqual([
      ['sent', 1],
      ['end', 2],
    ])
    for (const file of [path, `${path}.1`]) expect((await verifyAudit(file)).ok).toBe(true)
  })

  test('deleted: no line is written to the deleted file', async () => {
    const log = new AuditLog({ path, redact: plain })
    log.record('asked', {})
    unlinkSync(path)
    log.record('sent', {})
    expect(entriesOf()).toMatchObject([{ seq: 1, event: 'sent' }])
    rmSync(path)
    mkdirSync(path)
    expect(() => log.record('answered', {})).toThrow(/it is a folder/)
    log.close()
  })
})

test('lines of others are never changed', () => {
  appendFileSync(path, 'somebody else’s\n')
  const log = new AuditLog({ path, redact: plain })
  log.record('asked', {})
  log.close()
  expect(linesOf()[0]).toBe('somebody else’s')
  expect(linesOf()).toHaveLength(3)
})
