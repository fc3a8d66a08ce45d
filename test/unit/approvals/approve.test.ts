import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approve, folderOf, type Terminal } from '../../../src/cli/approve.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { savePending, takeApproval } from '../../../src/tools/effects/approval/pending-calls.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

const digest = 'a'.repeat(64)
const preview = previewOfLines('Run a script (execute)', 'hosts: "web-1", "web-2", "web-3"')
let stateDir: string
let pending: string
let code: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'qualys-approve-'))
  pending = join(stateDir, 'pending')
  code = savePending(stateDir, { digest, tool: 'car_execute_script', preview })
})
afterEach(() => rmSync(stateDir, { recursive: true }))

/** A terminal with a person who gives this answer. */
function terminal(answer: string | (() => string), isTTY = true): Terminal & { readonly shown: string[] } {
  const shown: string[] = []
  return {
    isTTY,
    shown,
    print: (line) => shown.push(line),
    ask: async (question) => {
      shown.push(question)
      return typeof answer === 'string' ? answer : answer()
    },
  }
}

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
      expect.stringMatching(/identical next call runs, once, within ten minutes/),
    ])
    expect(takeApproval(stateDir, digest)).toBe(true)
    expect(takeApproval(stateDir, digest)).toBe(false)
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
  '%j declines, and removes the call',
  async (answer) => {
    const there = terminal(answer)
    expect(await approve(stateDir, code, there)).toBe(false)
    expect(there.shown.at(-1)).toMatch(/^Declined/)
    expect(readdirSync(pending)).toEqual([])
    expect(takeApproval(stateDir, digest)).toBe(false)
  },
)

test('without a terminal nothing is asked or shown', async () => {
  const pipe = terminal('yes', false)
  await expect(approve(stateDir, code, pipe)).rejects.toThrow(SettingsError)
  await expect(approve(stateDir, code, pipe)).rejects.toThrow(/terminal/)
  expect(pipe.shown).toEqual([])
  expect(takeApproval(stateDir, digest)).toBe(false)
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

test('a forged preview cannot move the cursor', async () => {
  const [name = ''] = readdirSync(pending)
  const kept = JSON.parse(readFileSync(join(pending, name), 'utf8'))
  const forged = {
    ...kept,
    preview: previewOfLines('harmless\u001b[2J\u001b[1;1H\u009b2K\r\u202eover\u200b', '\u001b[2J\u009b2Kx'),
  }
  writeFileSync(join(pending, name), JSON.stringify(forged))
  const there = terminal('no')
  await approve(stateDir, code, there)
  expect(there.shown.join('\n')).toMatch(/^[ -~\n]*$/)
})
