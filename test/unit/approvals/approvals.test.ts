import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import {
  approvePending,
  dropAnswered,
  dropPending,
  findPending,
  savePending,
  takeApproval,
} from '../../../src/tools/effects/approval/pending-calls.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

const now = Date.now()
const minute = 60_000
let stateDir: string
let pending: string
beforeEach(() => {
  stateDir = join(mkdtempSync(join(tmpdir(), 'qualys-state-')), 'state')
  pending = join(stateDir, 'pending')
})
afterEach(() => rmSync(join(stateDir, '..'), { recursive: true }))

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const callOf = (text: string) => ({
  digest: digestOf(text),
  tool: 'car_execute_script',
  preview: previewOfLines(text, 'now'),
})
const keep = (text: string, at = now): string => savePending(stateDir, callOf(text), at)
const fileOf = (text: string, state: 'pending' | 'approved'): string =>
  join(pending, `${digestOf(text)}.${state}`)

describe('a pending call', () => {
  test('is found by its code, in any case and without its hyphen', () => {
    const code = keep('one')
    expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
    for (const spelling of [code, code.toLowerCase(), code.replace('-', ''), ` ${code} `])
      expect(findPending(stateDir, spelling, now)).toEqual({ code, ...callOf('one') })
    for (const other of ['', '-', 'ZZZZ-ZZZZ', code.slice(0, 4), `${code}2`, '../../x', '__proto__'])
      expect(findPending(stateDir, other, now)).toBeUndefined()
  })

  test('keeps its code while it is repeated; another call has another', () => {
    const code = keep('one')
    expect(keep('one', now + 9 * minute)).toBe(code)
    expect(findPending(stateDir, code, now + 18 * minute)).toBeDefined()
    expect(keep('two', now + 18 * minute)).not.toBe(code)
    expect(keep('one', now + 19 * minute)).not.toBe(code)
  })

  test('expires after ten minutes, and so does one from the future', () => {
    const code = keep('one')
    for (const at of [now + 10 * minute, now - 10 * minute]) {
      expect(approvePending(stateDir, keep('other'), at)).toBe(false)
      keep('one')
      expect(findPending(stateDir, code, at)).toBeUndefined()
      expect(existsSync(fileOf('one', 'pending'))).toBe(false)
    }
  })

  test('can be removed', () => {
    const code = keep('one')
    dropPending(stateDir, code, now)
    expect(findPending(stateDir, code, now)).toBeUndefined()
    expect(readdirSync(pending)).toEqual([])
  })

  test('approves nothing, and neither does its code', () => {
    const code = keep('one')
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    expect(takeApproval(stateDir, digestOf(code), now)).toBe(false)
    expect(findPending(stateDir, code, now)).toBeDefined()
  })

  test('is one of at most a hundred: the oldest is dropped', () => {
    keep('call 0')
    // Calls 1 to 98, as their files are written.
    for (let n = 1; n < 99; n++) {
      const call = { code: 'K7Q2-M9XD', ...callOf(`call ${n}`), at: now + n }
      writeFileSync(fileOf(`call ${n}`, 'pending'), JSON.stringify(call))
    }
    const waits = (n: number): boolean => existsSync(fileOf(`call ${n}`, 'pending'))
    keep('call 99', now + 99)
    expect(readdirSync(pending)).toHaveLength(100)
    expect(waits(0)).toBe(true)
    keep('call 100', now + 100)
    keep('call 101', now + 101)
    expect(readdirSync(pending)).toHaveLength(100)
    expect([0, 1, 2, 99, 100, 101].map(waits)).toEqual([false, false, true, true, true, true])
    // A call that already waits needs no further place.
    keep('call 50', now + 300)
    expect(readdirSync(pending)).toHaveLength(100)
    expect(waits(2)).toBe(true)
  })

  test('has a code of its own', () => {
    const codes = Array.from({ length: 30 }, (_, n) => keep(`call ${n}`))
    expect(new Set(codes).size).toBe(30)
  })
})

describe('an approval', () => {
  test('runs exactly this call, once', () => {
    const code = keep('one')
    keep('two')
    expect(approvePending(stateDir, code.toLowerCase(), now)).toBe(true)
    expect(approvePending(stateDir, code, now)).toBe(false)
    expect(findPending(stateDir, code, now)).toBeUndefined()
    expect(takeApproval(stateDir, digestOf('two'), now)).toBe(false)
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(true)
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    expect(readdirSync(pending)).toEqual([`${digestOf('two')}.pending`])
  })

  test('ends ten minutes after it was given, whenever the call became pending', () => {
    const at = now + 9 * minute
    approvePending(stateDir, keep('one'), at)
    approvePending(stateDir, keep('two'), at)
    expect(takeApproval(stateDir, digestOf('one'), at + 10 * minute)).toBe(false)
    expect(takeApproval(stateDir, digestOf('two'), at + 10 * minute - 1)).toBe(true)
  })
})

describe('the folder', () => {
  test.skipIf(process.platform === 'win32')('and its files belong to the user only', () => {
    approvePending(stateDir, keep('one'), now)
    keep('two')
    for (const folder of [stateDir, pending]) expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(pending)).toHaveLength(2)
    for (const name of readdirSync(pending)) expect(statSync(join(pending, name)).mode & 0o777).toBe(0o600)
  })

  test('is cleaned when a call is added: expired calls, other files, and partial files', () => {
    keep('old')
    approvePending(stateDir, keep('approved'), now)
    writeFileSync(fileOf('broken', 'pending'), '{')
    writeFileSync(fileOf('broken', 'approved'), '')
    mkdirSync(fileOf('folder', 'approved'))
    for (const name of ['left.new', 'young.new', 'notes.txt']) writeFileSync(join(pending, name), '')
    utimesSync(join(pending, 'left.new'), 1, 1)
    keep('new', now + 10 * minute)
    expect(readdirSync(pending).sort()).toEqual(
      [`${digestOf('new')}.pending`, 'notes.txt', 'young.new'].sort(),
    )
  })

  test('is created with the first call, not before', () => {
    expect(findPending(stateDir, 'K7Q2-M9XD')).toBeUndefined()
    expect(approvePending(stateDir, 'K7Q2-M9XD')).toBe(false)
    expect(takeApproval(stateDir, digestOf('one'))).toBe(false)
    dropPending(stateDir, 'K7Q2-M9XD')
    expect(existsSync(stateDir)).toBe(false)
  })

  const cannot: readonly (readonly [string, RegExp, () => void])[] = [
    ['a file', /ENOTDIR/, () => writeFileSync(stateDir, '')],
    [
      'one whose "pending" is a file',
      /EEXIST/,
      () => {
        mkdirSync(stateDir)
        writeFileSync(pending, '')
      },
    ],
    [
      'one whose "pending" is a symbolic link',
      /no folder/,
      () => {
        mkdirSync(join(stateDir, 'elsewhere'), { recursive: true, mode: 0o700 })
        symlinkSync(join(stateDir, 'elsewhere'), pending)
      },
    ],
    [
      'one whose "pending" others may write',
      /somebody else/,
      () => {
        mkdirSync(pending, { recursive: true })
        chmodSync(pending, 0o770)
      },
    ],
  ]
  test.skipIf(process.platform === 'win32').each(cannot)(
    'that is %s is refused',
    (_what, reason, prepare) => {
      prepare()
      expect(() => keep('one')).toThrow(SetupError)
      expect(() => keep('one')).toThrow(/^The state folder \(QUALYS_STATE_DIR\) cannot be used: .*\.$/)
      expect(() => keep('one')).toThrow(reason)
      const elsewhere = join(stateDir, 'elsewhere')
      if (existsSync(elsewhere)) expect(readdirSync(elsewhere)).toEqual([])
    },
  )

  const root = process.getuid?.() === 0
  test.skipIf(!root)('of another user is refused, whatever it contains', () => {
    approvePending(stateDir, keep('one'), now)
    chownSync(pending, 12_345, 12_345)
    expect(() => takeApproval(stateDir, digestOf('one'), now)).toThrow(/somebody else/)
  })
})

describe('an invalid file is ignored', () => {
  const approved = (text: string, change: object = {}): string => {
    const call = { code: 'K7Q2-M9XD', ...callOf(text), at: now }
    return JSON.stringify({ ...call, ...change })
  }
  test('a valid one counts', () => {
    keep('other')
    writeFileSync(fileOf('one', 'approved'), approved('one'))
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(true)
  })

  test.each([
    ['of another call', () => approved('two')],
    ['of an invalid time', () => approved('one', { at: String(now) })],
    ['without end', () => approved('one', { at: null })],
    ['of the future', () => approved('one', { at: now + 11 * minute })],
    ['with more in it', () => approved('one', { more: 1 })],
    ['of an invalid tool', () => approved('one', { tool: '\u001b[2J' })],
    ['cut off', () => approved('one').slice(0, -1)],
    ['a list', () => '[]'],
    ['empty', () => ''],
  ])('%s', (_what, text) => {
    keep('other')
    writeFileSync(fileOf('one', 'approved'), text())
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
  })

  test.skipIf(process.platform === 'win32')('a symbolic link', () => {
    keep('other')
    const elsewhere = join(stateDir, 'elsewhere')
    writeFileSync(elsewhere, approved('one'))
    symlinkSync(elsewhere, fileOf('one', 'approved'))
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    keep('other')
    expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
    expect(readFileSync(elsewhere, 'utf8')).toBe(approved('one'))
  })

  test('in the place of a call is replaced, not followed', () => {
    keep('other')
    const elsewhere = join(stateDir, 'elsewhere')
    writeFileSync(elsewhere, 'mine')
    symlinkSync(elsewhere, fileOf('one', 'pending'))
    keep('one')
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
  })
})

test.each([
  '',
  'x',
  '../../../etc/passwd',
  `${digestOf('a')}/`,
  digestOf('a').toUpperCase(),
  `${digestOf('a')}\n`,
])('a digest is hexadecimal SHA-256 and nothing else: %j', (digest) => {
  keep('other')
  expect(() => savePending(stateDir, { ...callOf('one'), digest }, now)).toThrow(/SHA-256/)
  expect(() => takeApproval(stateDir, digest, now)).toThrow(/SHA-256/)
  expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
})

describe('a preview that is too large to be kept', () => {
  /** A call whose file has this many bytes. */
  const callOfSize = (bytes: number) => {
    const empty = { ...callOf('large'), preview: previewOfLines('') }
    const rest = JSON.stringify({ code: 'AAAA-AAAA', ...empty, at: now }).length
    return { ...empty, preview: previewOfLines('x'.repeat(bytes - rest)) }
  }

  test.each([4_194_303, 4_194_304, 4_194_305])('has more than 4 MiB: %i bytes', (bytes) => {
    const save = (): string => savePending(stateDir, callOfSize(bytes), now)
    if (bytes > 4_194_304)
      expect(save).toThrow('takes 4,194,305 bytes, and none of more than 4,194,304 is kept for approval')
    else expect(save()).toMatch(/^[2-9A-Z]{4}-/)
  })
})

test('a call that was approved elsewhere is no longer pending', () => {
  const code = keep('one')
  keep('two')
  dropAnswered(stateDir, digestOf('one'))
  expect(findPending(stateDir, code, now)).toBeUndefined()
  expect(readdirSync(pending)).toEqual([`${digestOf('two')}.pending`])
  dropAnswered(stateDir, digestOf('one'))
  dropAnswered(join(stateDir, 'none'), digestOf('one'))
})
