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
  declinedAt,
  declinePending,
  dropAnswered,
  findPending,
  savePending,
  takeApproval,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import {
  type Differences,
  digestOf,
  keyOf,
  otherServer,
  waitingCall,
} from '../../support/approvals/waiting-call.ts'
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

/** A call as its file has it. */
const callOf = (text: string, more: Differences = {}) => {
  const { waiter, ...call } = waitingCall(text, more)
  return { ...call, waiters: [waiter] }
}
const keep = (text: string, at = now): string => savePending(stateDir, waitingCall(text), at)
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

  test('with another preview replaces the older one, under another code', () => {
    const code = keep('one')
    const change = { digest: digestOf('one, changed'), preview: previewOfLines('changed') }
    const other = savePending(stateDir, waitingCall('one', change), now)
    expect(other).not.toBe(code)
    expect(findPending(stateDir, code, now)).toBeUndefined()
    expect(findPending(stateDir, other, now)).toEqual({ code: other, ...callOf('one', change) })
    expect(readdirSync(pending)).toHaveLength(1)
    expect(approvePending(stateDir, other, now)).toBe(true)
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    expect(takeApproval(stateDir, digestOf('one, changed'), now)).toBe(true)
  })

  test('has one code and one file, whichever server makes it', () => {
    const code = keep('one')
    const byOther = { waiter: { server: otherServer, key: keyOf('one, by the other') } }
    expect(savePending(stateDir, waitingCall('one', byOther), now)).toBe(code)
    expect(keep('one')).toBe(code)
    const changed = savePending(stateDir, waitingCall('one', { digest: digestOf('one, changed') }), now)
    expect(readdirSync(pending)).toHaveLength(2)
    expect(changed).not.toBe(code)
    expect(declinePending(stateDir, code, now)).toBe(true)
    for (const key of [keyOf('one'), keyOf('one, by the other')])
      expect(declinedAt(stateDir, key, now)).toBe(now)
  })

  test('can be declined, which leaves a mark for ten minutes', () => {
    const code = keep('one')
    expect(declinedAt(stateDir, keyOf('one'), now)).toBeUndefined()
    expect(declinePending(stateDir, code, now + minute)).toBe(true)
    expect(declinePending(stateDir, code, now + minute)).toBe(false)
    expect(approvePending(stateDir, code, now + minute)).toBe(false)
    expect(findPending(stateDir, code, now + minute)).toBeUndefined()
    expect(readdirSync(pending)).toEqual([`${keyOf('one')}.declined`])
    expect(declinedAt(stateDir, keyOf('one'), now + 11 * minute - 1)).toBe(now + minute)
    expect(declinedAt(stateDir, keyOf('one'), now + 11 * minute)).toBeUndefined()
    expect(declinedAt(stateDir, keyOf('two'), now + minute)).toBeUndefined()
    keep('two', now + 11 * minute)
    expect(readdirSync(pending)).toEqual([`${digestOf('two')}.pending`])
  })

  test('approves nothing, and neither does its code', () => {
    const code = keep('one')
    expect(takeApproval(stateDir, digestOf('one'), now)).toBe(false)
    expect(takeApproval(stateDir, digestOf(code), now)).toBe(false)
    expect(findPending(stateDir, code, now)).toBeDefined()
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
    expect(declinePending(stateDir, 'K7Q2-M9XD')).toBe(false)
    expect(declinedAt(stateDir, keyOf('one'))).toBeUndefined()
    expect(existsSync(stateDir)).toBe(false)
  })

  const cannot: readonly (readonly [string, RegExp, () => void])[] = [
    ['a file', /a part of its path is a file/, () => writeFileSync(stateDir, '')],
    [
      'a symbolic link that leads nowhere',
      /a symbolic link in its path leads nowhere/,
      () => symlinkSync(`${stateDir}-absent`, stateDir),
    ],
    [
      'one whose "pending" is a file',
      /"pending" in it is no folder/,
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
  expect(() => savePending(stateDir, waitingCall('one', { digest }), now)).toThrow(/SHA-256/)
  expect(() => declinedAt(stateDir, digest, now)).toThrow(/SHA-256/)
  expect(() => takeApproval(stateDir, digest, now)).toThrow(/SHA-256/)
  expect(readdirSync(pending)).toEqual([`${digestOf('other')}.pending`])
})

describe('a preview that is too large to be kept', () => {
  /** A call whose file has this many bytes. */
  const callOfSize = (bytes: number) => {
    const empty = { ...callOf('large'), preview: previewOfLines('') }
    const rest = JSON.stringify({ code: 'AAAA-AAAA', ...empty, at: now }).length
    return waitingCall('large', { preview: previewOfLines('x'.repeat(bytes - rest)) })
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
