import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { fleetReplies } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_ALLOWED_SCRIPTS: which scripts run, with which content; and that no tool changes one of them.

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const bytes = Buffer.from('Get-Date\r\nexit 0\n')

const scriptReplies = (change: object = {}): Replies => ({
  ...fleetReplies({ hosts: [{ id: 1, tags: [] }] }),
  car_get_script: ({ scriptId }) => ({
    ...{ id: scriptId, title: 'Date', params: [], content: new StoredText(bytes) },
    ...change,
  }),
  car_search_scripts: [],
})

const attempt = (
  allowed: string,
  tool: string,
  args: object,
  replies: Replies = scriptReplies(),
): Promise<Outcome> => attemptInBothModes(replies, tool, args, { QUALYS_ALLOWED_SCRIPTS: allowed })
const run = (allowed: string, replies?: Replies): Promise<Outcome> =>
  attempt(allowed, 'car_execute_script', { scriptId: 7, assetIds: [1] }, replies)

const setting = 'QUALYS_ALLOWED_SCRIPTS'
const notAllowed = (id: number): string =>
  forbidden(`script ${id} is not one of QUALYS_ALLOWED_SCRIPTS`, setting, `script "Date" (id ${id})`)
const otherContent =
  /script 7 does not have the content that QUALYS_ALLOWED_SCRIPTS pins\..* Tell the person: /

describe('running', () => {
  test.each([
    ['the one', '7'],
    ['one of several', '1, 7 ,20748'],
    ['pinned to its content', `7@${sha256(bytes)}`],
    ['pinned in capitals', `7@${sha256(bytes).toUpperCase()}`],
  ])('%s is allowed', async (_what, allowed) => {
    expect((await run(allowed)).sent).toBe(1)
  })

  test('another is not', async () => {
    expect(await run('20748,16515')).toEqual({
      sent: 0,
      kind: 'setup',
      text: notAllowed(7),
    })
  })

  test('none is allowed with an empty list', async () => {
    expect((await run(',')).text).toBe(notAllowed(7))
  })

  test.each([
    ['other content', sha256('Get-Date')],
    ['the content with a line break more', sha256(Buffer.concat([bytes, Buffer.from('\n')]))],
    ['the content with a BOM', sha256(Buffer.concat([Buffer.from('\ufeff'), bytes]))],
    ['the content with other line breaks', sha256(bytes.toString().replaceAll('\r\n', '\n'))],
    ['the base64 of the content', sha256(bytes.toString('base64'))],
    ['nothing', sha256('')],
  ])('a script pinned to %s is not', async (_what, pin) => {
    expect(await run(`7@${pin}`)).toEqual({
      sent: 0,
      kind: 'setup',
      text: expect.stringMatching(otherContent),
    })
  })

  test.each([
    ['a BOM before it', Buffer.concat([Buffer.from('\ufeff'), bytes])],
    ['another encoding', Buffer.from('\ufeffGet-Date ä', 'utf16le')],
  ])('a script with %s is pinned by its bytes', async (_what, data) => {
    const replies = scriptReplies({ content: new StoredText(data) })
    expect((await run(`7@${sha256(data)}`, replies)).sent).toBe(1)
    for (const decoded of [
      bytes,
      data.toString('latin1'),
      data.toString().replace(/^\ufeff/, ''),
      'Get-Date ä',
    ])
      expect((await run(`7@${sha256(decoded)}`, replies)).text).toMatch(otherContent)
  })

  test.each([
    ['is not shown', { content: undefined }],
    ['is null', { content: null }],
    ['is no text', { content: bytes.toString('base64') }],
    ['is that of another script', { id: '8' }],
  ])('a pinned script whose content %s is not', async (_what, change) => {
    for (const pin of [sha256(bytes), sha256('')])
      expect((await run(`7@${pin}`, scriptReplies(change))).text).toMatch(otherContent)
  })

  test('a pinned script whose record cannot be had is not', async () => {
    const replies = {
      ...scriptReplies(),
      car_get_script: () => {
        throw new SetupError('No.', 'Ask.')
      },
      car_search_scripts: [{ id: '7', title: 'Date' }],
    }
    expect((await run(`7@${sha256(bytes)}`, replies)).sent).toBe(0)
    expect((await run('7', replies)).sent).toBe(1)
  })

  test('in a lab goes by the same list', async () => {
    const args = { scriptId: 7, testMode: true, testAssets: [1] }
    expect((await attempt('8', 'car_execute_script', args)).text).toBe(notAllowed(7))
    expect((await attempt('7', 'car_execute_script', args)).sent).toBe(1)
  })

  test('only effects that run code are checked', async () => {
    expect((await attempt('8', 'car_clone_script', { scriptId: 7, title: 'Mine' })).sent).toBe(1)
  })
})

describe('schedules', () => {
  const plan = { title: 'P', startDate: '2096-02-29', startTime: '08:30', assets: [1], activate: false }
  const scripts = [{ id: 7, title: 'T' }]
  const schedule = { id: 'a', title: 'P', activate: true, scripts: [{ id: 7 }] }
  const targets = { assets: [{ id: 1 }], assetTags: [], excludedAssets: [] }
  const stored = (change: object = {}): Replies => ({
    ...scriptReplies(),
    car_get_schedule: () => ({ ...schedule, ...targets, ...change }),
  })

  test.each([
    ['another script', [{ id: 8, title: 'T' }]],
    ['another script beside an allowed one', [...scripts, { id: 8, title: 'T' }]],
  ])('with %s are not created, switched on or off', async (_what, others) => {
    for (const activate of [true, false]) {
      const made = await attempt('7', 'car_create_schedule', { ...plan, scripts: others, activate })
      expect(made).toMatchObject({ sent: 0, text: notAllowed(8) })
    }
  })

  test('of another script are not switched on', async () => {
    const on = (allowed: string, change?: object) =>
      attempt(allowed, 'car_activate_schedule', { scheduleId: 'a' }, stored(change))
    expect(await on('8')).toMatchObject({ sent: 0, text: notAllowed(7) })
    expect((await on('7')).sent).toBe(1)
    expect(await on('7', { scripts: undefined })).toMatchObject({
      sent: 0,
      text: forbidden(`the scripts of schedule a cannot be read, and ${setting} needs them`, setting),
    })
    expect((await on('7', { scripts: [{ id: 7 }, { id: 8 }] })).text).toBe(notAllowed(8))
  })

  test('need not show their scripts where no list is set, or where the call names them', async () => {
    const hidden = stored({ scripts: undefined })
    expect((await attemptInBothModes(hidden, 'car_activate_schedule', { scheduleId: 'a' })).sent).toBe(1)
    const change = { ...plan, recurrence: 'ONCE', scheduleId: 'a', scripts, activate: true }
    expect((await attempt('7', 'car_update_schedule', change, hidden)).sent).toBe(1)
  })

  test('cannot be given another script', async () => {
    const change = { ...plan, recurrence: 'ONCE', scheduleId: 'a', scripts: [{ id: 8, title: 'T' }] }
    for (const activate of [true, false])
      expect((await attempt('7', 'car_update_schedule', { ...change, activate }, stored())).text).toBe(
        notAllowed(8),
      )
  })

  test('can be switched off whatever they run', async () => {
    expect((await attempt('8', 'car_deactivate_schedule', { scheduleId: 'a' }, stored())).sent).toBe(1)
    const off = {
      title: 'P',
      startDate: '2096-02-29',
      startTime: '08:30',
      recurrence: 'ONCE',
      scheduleId: 'a',
      scripts,
    }
    // The effect's answer differs from the request: it was sent all the same.
    expect((await attempt('8', 'car_update_schedule', { ...off, activate: false }, stored())).sent).toBe(1)
    expect((await attempt('8', 'car_update_schedule', { ...off, activate: true }, stored())).sent).toBe(0)
  })

  test('are not switched off with another treatment of hosts', async () => {
    const off = { ...plan, recurrence: 'ONCE', scheduleId: 'a', scripts, rebootAfterScriptExecution: true }
    expect((await attempt('8', 'car_update_schedule', off, stored())).text).toBe(notAllowed(7))
  })
})

describe('changing', () => {
  const change = (allowed: string, changes: object, replies?: Replies): Promise<Outcome> =>
    attempt(allowed, 'car_update_script', { scriptId: 7, ...changes }, replies)
  const fixed = forbidden(
    'script 7 is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change',
    setting,
    'script "Date" (id 7)',
  )

  test.each([
    ['its content', { content: 'Get-Date', comment: 'simpler' }],
    ['its title', { title: 'Another' }],
    ['its repository', { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1' }],
    ['its parameters', { params: [] }],
    ['nothing but its severity', { severity: 1 }],
  ])('an allowed script: not %s', async (_what, changes) => {
    for (const allowed of ['7', `7@${sha256(bytes)}`, `7@${'a'.repeat(64)}`])
      expect(await change(allowed, changes)).toEqual({ sent: 0, kind: 'setup', text: fixed })
  })

  const content = { content: 'echo 1', comment: 'simpler' }
  const running = (activate: boolean): Replies => ({
    ...scriptReplies(),
    car_search_schedules: [
      { id: 'a', title: 'N', activate, scripts: [{ id: 7 }], assets: [{ id: 1 }], assetTags: [] },
    ],
  })

  test('another script is allowed where no active schedule runs it', async () => {
    expect((await change('8', content)).sent).toBe(1)
    expect((await change('8', content, running(false))).sent).toBe(1)
  })

  test('another script that an active schedule runs is not: it would run', async () => {
    expect(await change('8', content, running(true))).toMatchObject({ sent: 0, text: notAllowed(7) })
    expect((await change('8', { title: 'Free' }, running(true))).sent).toBe(1)
  })
})
