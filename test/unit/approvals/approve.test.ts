import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { approve, folderOf } from '../../../src/cli/approval/approve.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { digestOf } from '../../../src/tools/effects/approval/approval-record.ts'
import {
  declinedAt,
  findCall,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { CallState } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { approveCode, declineCode } from '../../support/approvals/decisions.ts'
import { linkOf } from '../../support/approvals/pages.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import { terminal } from '../../support/approvals/terminal.ts'
import { type Differences, keyOf, previewHash, waitingCall } from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

const preview = previewOfLines('Run a script (execute)', 'hosts: "web-1", "web-2", "web-3"')
let stateDir: string
let pending: string
let call: ReturnType<typeof waitingCall>
let code: string
beforeEach(() => {
  stateDir = newStateDir()
  pending = join(stateDir, 'pending')
  call = waitingCall('one', { preview })
  code = savePending(stateDir, call)
})

/** What became of a call. */
const stateOf = (which = code): CallState | undefined => findCall(stateDir, which)?.state

describe('yes', () => {
  test.each(['yes', ' yes\n'])('%j approves the call that was shown', async (answer) => {
    const there = terminal(answer)
    expect(await approve(stateDir, code.toLowerCase(), there)).toBe(true)
    expect(there.shown).toEqual([
      'An assistant wants to call car_execute_script:',
      '',
      'Run a script (execute)',
      'hosts: "web-1", "web-2", "web-3"',
      '',
      expect.stringMatching(/yes/),
      "Approved: the assistant's identical next call runs, once, within ten minutes.",
    ])
    expect(findCall(stateDir, code)).toMatchObject({
      state: 'approved',
      approval: { way: 'terminal', by: 'terminal', at: expect.any(Number) },
    })
  })

  test.each(['car_plan_rollout', 'car_plan_rerun'])(
    'to a call of %s tells that the rollout goes on by itself, and so does a second look',
    async (tool) => {
      const own = savePending(stateDir, waitingCall('plan', { record: { tool } }))
      const there = terminal('yes')
      const next = 'the rollout goes on by itself where a server or `qualys-mcp plans advance` moves it.'
      expect(await approve(stateDir, own, there)).toBe(true)
      expect(there.shown.at(-1)).toBe(`Approved: ${next}`)
      await expect(approve(stateDir, own, terminal('yes'))).rejects.toThrow(`was approved already: ${next}`)
    },
  )

  test('to a resumption tells that the identical call runs, since no runner picks it up', async () => {
    const own = savePending(stateDir, waitingCall('plan', { record: { tool: 'car_resume_rollout' } }))
    const there = terminal('yes')
    await approve(stateDir, own, there)
    expect(there.shown.at(-1)).toMatch(/^Approved: the assistant's identical next call runs, once/)
  })

  test('too late is reported, and approves nothing', async () => {
    const late = terminal(() => {
      rmSync(pending, { recursive: true })
      return 'yes'
    })
    await expect(approve(stateDir, code, late)).rejects.toThrow(/^No call waits under this code/)
    expect(late.shown.join()).not.toMatch(/Approved/)
  })
})

test.each(['', 'y', 'Yes', 'YES', 'yes please', 'no', 'yes\u200b', 'ja', 'K7Q2-M9XD'])(
  '%j declines, and leaves a mark of that alone',
  async (answer) => {
    const there = terminal(answer)
    expect(await approve(stateDir, code, there)).toBe(false)
    expect(there.shown.at(-1)).toMatch(/^Declined/)
    expect(readdirSync(pending)).toEqual([`${keyOf('one')}.declined`])
    expect(declinedAt(stateDir, keyOf('one'))).toBeDefined()
    expect(findCall(stateDir, code)).toMatchObject({ state: 'declined', declined: { way: 'terminal' } })
  },
)

test('a no after a yes in another terminal takes nothing back, and says that no call waits', async () => {
  const late = terminal(() => {
    expect(approveCode(stateDir, code)).toBe(true)
    return 'no'
  })
  await expect(approve(stateDir, code, late)).rejects.toThrow(/^No call waits under this code/)
  expect(late.shown.join()).not.toMatch(/Declined/)
  expect(declinedAt(stateDir, keyOf('one'))).toBeUndefined()
  expect(stateOf()).toBe('approved')
})

test('without a terminal nothing is asked or shown', async () => {
  const pipe = terminal('yes', false)
  await expect(approve(stateDir, code, pipe)).rejects.toThrow(SettingsError)
  await expect(approve(stateDir, code, pipe)).rejects.toThrow(/terminal/)
  expect(pipe.shown).toEqual([])
  expect(stateOf()).toBe('pending')
})

describe('a call that waits no longer', () => {
  test.each<readonly [string, () => unknown, string]>([
    [
      'approved',
      () => approveCode(stateDir, code),
      'was approved already: the identical call of the assistant runs',
    ],
    ['declined', () => declineCode(stateDir, code), 'was declined: the assistant has to make it again'],
    [
      'used',
      () => approveCode(stateDir, code) && recordKeeper(stateDir).use(call),
      'has run, or is running: a code is good once',
    ],
  ])('is %s: the code says so, and nobody is asked', async (state, happens, text) => {
    happens()
    expect(stateOf()).toBe(state)
    const there = terminal('yes')
    const answer = approve(stateDir, code, there)
    await expect(answer).rejects.toThrow(SettingsError)
    await expect(answer).rejects.toThrow(`The call with the code ${code} ${text}.`)
    expect(there.shown).toEqual([])
    expect(stateOf()).toBe(state)
  })
})

describe('a call for which a terminal does not count', () => {
  const asked = (more: Differences): string => {
    const other = waitingCall('two', more)
    return savePending(stateDir, other)
  }

  test.each<readonly [string, Differences, (own: string) => string]>([
    [
      'but the page',
      { ways: ['client', 'page'], linkOf },
      (own) =>
        `For this call only a yes on the approval page counts, and nothing was approved: open ${linkOf(own)} (or run`,
    ],
    [
      'but a passkey',
      { ways: ['passkey'], linkOf },
      (own) => `For this call only a passkey counts, and nothing was approved: open ${linkOf(own)} (or run`,
    ],
    [
      'but the passkey of another person',
      { ways: ['passkey'], needsOther: true },
      () =>
        'For this call only a passkey counts, of another person than the one who asks, and nothing was approved: open its approval page (or run',
    ],
  ])('%s, is refused with the place where it does', async (_what, more, text) => {
    const own = asked(more)
    const there = terminal('yes')
    await expect(approve(stateDir, own, there)).rejects.toThrow(SettingsError)
    await expect(approve(stateDir, own, there)).rejects.toThrow(
      `${text(own)} \`qualys-mcp approve ${own} --state-dir ${stateDir} --page\`).`,
    )
    expect(there.shown).toEqual([])
    expect(stateOf(own)).toBe('pending')
  })
})

test.each(['', 'ZZZZ-ZZZZ', '\u001b[2J', '../..'])(
  'the code %j is unknown: the message says what to do',
  async (other) => {
    const there = terminal('yes')
    await expect(approve(stateDir, other, there)).rejects.toThrow(SettingsError)
    await expect(approve(stateDir, other, there)).rejects.toThrow(/^No call waits.*again.*QUALYS_STATE_DIR/)
    expect(there.shown).toEqual([])
  },
)

describe('the state folder', () => {
  const elsewhere = { QUALYS_STATE_DIR: '/srv/none', XDG_STATE_HOME: '/srv/none' }

  test('is the usual one too, whatever the terminal has set', () => {
    expect(folderOf(code, {}, elsewhere, stateDir)).toBe(stateDir)
    expect(folderOf('ZZZZ-ZZZZ', {}, elsewhere, stateDir)).toBe('/srv/none')
  })

  test('that a flag names is the only one', () => {
    expect(folderOf(code, { stateDir: '/srv/other' }, {}, stateDir)).toBe('/srv/other')
  })

  test('that is set comes first', () => {
    expect(folderOf(code, {}, { QUALYS_STATE_DIR: stateDir }, '/srv/none')).toBe(stateDir)
  })
})

test('an unusable state folder is a settings error', async () => {
  rmSync(pending, { recursive: true })
  writeFileSync(pending, '')
  await expect(approve(stateDir, code, terminal('yes'))).rejects.toThrow(SettingsError)
  await expect(approve(stateDir, code, terminal('yes'))).rejects.toThrow(/QUALYS_STATE_DIR/)
})

test('a preview that is not the one of the digest is neither shown nor approved', async () => {
  const [name = ''] = readdirSync(pending)
  const kept = JSON.parse(readFileSync(join(pending, name), 'utf8'))
  writeFileSync(join(pending, name), JSON.stringify({ ...kept, preview: previewOfLines('harmless') }))
  const there = terminal('yes')
  await expect(approve(stateDir, code, there)).rejects.toThrow(/^The file of this request was changed/)
  expect(there.shown).toEqual([])
  expect(readdirSync(pending)).toEqual([name])
})

test('a forged preview cannot move the cursor', async () => {
  const [name = ''] = readdirSync(pending)
  const kept = JSON.parse(readFileSync(join(pending, name), 'utf8'))
  const preview = previewOfLines(
    'harmless\u001b[2J\u001b[1;1H\u009b2K\r\u202eover\u200b',
    '\u001b[2J\u009b2Kx',
  )
  const record = { ...kept.record, preview: previewHash(preview) }
  const digest = digestOf(record)
  writeFileSync(join(pending, `${digest}.pending`), JSON.stringify({ ...kept, preview, record, digest }))
  rmSync(join(pending, name))
  const there = terminal('no')
  await approve(stateDir, code, there)
  expect(there.shown.join('\n')).toMatch(/^[ -~\n]*$/)
})

test.each<readonly [string, (kept: typeof call) => object]>([
  ['tool', ({ record }) => ({ record: { ...record, tool: '\u001b[2J' } })],
  ['address', () => ({ ways: ['page'], link: 'http://localhost/\u001b[2J' })],
])('a call with a forged %s is none', async (_what, change) => {
  const [name = ''] = readdirSync(pending)
  const kept = JSON.parse(readFileSync(join(pending, name), 'utf8'))
  const forged = { ...kept, ...change(kept) }
  const digest = digestOf(forged.record)
  writeFileSync(join(pending, `${digest}.pending`), JSON.stringify({ ...forged, digest }))
  if (digest !== call.digest) rmSync(join(pending, name))
  await expect(approve(stateDir, code, terminal('yes'))).rejects.toThrow(/^No call waits under this code/)
})
