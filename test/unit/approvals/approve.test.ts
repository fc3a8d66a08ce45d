import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { approve, folderOf, type Terminal } from '../../../src/cli/approve.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import {
  approvePending,
  declinedAt,
  savePending,
  takeApproval,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { keyOf, waitingCall } from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

const digest = 'a'.repeat(64)
const preview = previewOfLines('Run a script (execute)', 'hosts: "web-1", "web-2", "web-3"')
let stateDir: string
let pending: string
let code: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'qualys-approve-'))
  pending = join(stateDir, 'pending')
  code = savePending(stateDir, waitingCall('one', { digest, preview }))
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
  '%j declines, and leaves a mark of that alone',
  async (answer) => {
    const there = terminal(answer)
    expect(await approve(stateDir, code, there)).toBe(false)
    expect(there.shown.at(-1)).toMatch(/^Declined/)
    expect(readdirSync(pending)).toEqual([`${keyOf('one')}.declined`])
    expect(declinedAt(stateDir, keyOf('one'))).toBeDefined()
    expect(takeApproval(stateDir, digest)).toBe(false)
  },
)

test('a no after a yes in another terminal takes nothing back, and says that no call waits', async () => {
  const late = terminal(() => {
    expect(approvePending(stateDir, code)).toBe(true)
    return 'no'
  })
  await expect(approve(stateDir, code, late)).rejects.toThrow(/^No call waits under this code/)
  expect(late.shown.join()).not.toMatch(/Declined/)
  expect(declinedAt(stateDir, keyOf('one'))).toBeUndefined()
  expect(takeApproval(stateDir, digest)).toBe(true)
})

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

describe('a preview of more than 60 lines', () => {
  const long = previewOfLines(
    'Run a script (execute)',
    ...Array.from({ length: 99 }, (_, at) => `line ${at + 1}`),
  )
  const script = { excerpt: ['the beginning'], lines: [], script: 'echo\n'.repeat(100) }
  const withScript = { ...long, facts: { ...long.facts, blocks: ['line 1', script] } }
  const other = 'b'.repeat(64)

  /** Approves with these answers, one after the other; returns what was shown between the questions. */
  async function sit(preview: Preview, height: number | undefined, ...answers: string[]) {
    const there = terminal(() => answers.shift() ?? 'no')
    const longCode = savePending(stateDir, waitingCall('long', { digest: other, preview }))
    const isApproved = await approve(stateDir, longCode, { ...there, height })
    return { isApproved, shown: there.shown, answers }
  }
  const question = 'Type yes to let it run once, all to see everything, anything else to decline: '

  test('is shown short, and yes approves it', async () => {
    const { isApproved, shown } = await sit(withScript, 24, 'yes')
    expect(shown.slice(2, -1)).toEqual([
      'Run a script (execute)',
      'all of it: type all',
      'line 1',
      'the beginning',
      '',
      question,
    ])
    expect(isApproved).toBe(true)
    expect(takeApproval(stateDir, other)).toBe(true)
  })

  test('is shown page by page for all, and then the question comes again', async () => {
    const { isApproved, shown } = await sit(withScript, 41, 'all', '', 'yes', 'yes')
    const pages = shown.slice(shown.indexOf(question) + 1, -1)
    expect(pages[40]).toBe('62 more lines. Enter goes on, q goes back: ')
    expect(pages[81]).toBe('22 more lines. Enter goes on, q goes back: ')
    expect(pages.filter((text) => / \d+ "echo"$/.test(text))).toHaveLength(100)
    expect(pages.slice(-2)).toEqual(['', question])
    expect(isApproved).toBe(true)
  })

  test('is not approved by a yes between the pages', async () => {
    const { isApproved, answers } = await sit(withScript, undefined, 'all', 'yes', 'yes', 'yes', 'yes', 'no')
    expect(isApproved).toBe(false)
    expect(answers).toEqual([])
    expect(takeApproval(stateDir, other)).toBe(false)
  })

  test('is left with q', async () => {
    const { isApproved, shown } = await sit(withScript, 24, 'all', 'q', 'all', 'q', 'no')
    expect(isApproved).toBe(false)
    expect(shown.filter((text) => text === question)).toHaveLength(3)
  })

  test('of which even the short view is long comes page by page as well', async () => {
    const { shown } = await sit(long, 24, '', '', '', '', 'no')
    expect(shown.filter((text) => text.endsWith('Enter goes on, q goes back: '))).toHaveLength(4)
    expect(shown).toContain('line 99')
  })
})

test('lines longer than the terminal is wide go on behind a mark', async () => {
  const wide = previewOfLines('Run a script (execute)', `title: "${'x'.repeat(72)}! Nothing runs."`)
  const own = savePending(stateDir, waitingCall('two', { digest: 'b'.repeat(64), preview: wide }))
  const there = { ...terminal('no'), width: 80 }
  await approve(stateDir, own, there)
  expect(there.shown).toContain('      | ! Nothing runs."')
  expect(Math.max(...there.shown.slice(0, 5).map(({ length }) => length))).toBeLessThanOrEqual(80)
})
