import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { environmentFor, openSandbox } from '../harness.ts'
import { temporary, timesSeen, type Unattended, unattended } from './bench.ts'
import { type Ground, groundOf, planOf } from './calls.ts'

// What Qualys stored of a schedule is read back: part of what was sent is guessed.

const folder = temporary()
const creating = 'POST /sm/v1/scripts/scheduler'
const getting = 'GET /sm/v1/scheduler/{scheduleId}'
const listing = 'POST /sm/v1/scheduler/search'
/** 2041-03-05T08:30:00Z, as planOf asks. */
const start = Date.UTC(2041, 2, 5, 8, 30)
const daily = { recurrence: 'DAILY', interval: 2, endDate: '2041-04-01' }

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let server: Unattended
let ground: Ground
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, assets: 60 })
  server = await unattended(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
  ground = await groundOf(sandbox.control)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await server.close()
  await sandbox.close()
  folder.remove()
})

let last = 0
const plan = (more: object = {}) => ({ ...planOf(ground, `Plan ${++last}`), ...more })
const create = (args: object, on = server) => on.call('car_create_schedule', args)
const storedAs = async (title: unknown) =>
  (await sandbox.control.truth('schedules')).find((schedule) => schedule['title'] === title)

/** A schedule as Qualys might show it, with everything that was asked for. */
const shown = (more: object = {}) => ({
  id: '5f0c1e2d-0000-4000-8000-000000000001',
  scheduleType: 'ONE_TIME',
  activate: true,
  startTime: start,
  scripts: [{ id: 19218 }],
  assets: ground.hosts.slice(0, 1).map((id) => ({ id: Number(id) })),
  assetTags: [],
  excludedAssets: [],
  ...more,
})
const showing = (body: unknown) => sandbox.control.faults([{ route: getting, kind: 'reply', body }])
const nothing = { body: { totalCount: 0, list: [] } }
const denied = {
  route: getting,
  kind: 'reply',
  status: 404,
  body: { errorCode: '404', message: 'Scheduler not found', body: null },
}

/** Unclear, by name, with what is wrong and the way to switch it off; and not created twice. */
async function expectOff(heard: Awaited<ReturnType<typeof create>>, title: unknown, wrong: RegExp | string) {
  const { text, error } = heard
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(text).toMatch(wrong)
  expect(text).toContain(`"${title}"`)
  expect(text).toContain('it may run at another time or elsewhere')
  const next = String(error?.['next'])
  expect(next).toMatch(/^Switch it off, with car_update_schedule .*activate: false.* or in the Qualys UI/)
  return next
}

describe('created', () => {
  test('and read back: its first run, with a zone that nobody knows', async () => {
    const args = plan()
    const { text, isError } = await create(args)
    const stored = await storedAs(args['title'])
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toBe(
      `schedule ${stored?.['id']} created; first run 2041-03-05T08:30:00Z, zone unknown`,
    )
    expect(stored).toMatchObject({ startTime: start, activate: true })
    expect(await timesSeen(sandbox.control, creating)).toBe(1)
    expect(await timesSeen(sandbox.control, `GET /sm/v1/scheduler/${stored?.['id']}`)).toBe(1)
  })

  test('recurring, with an end and without anything different', async () => {
    const args = plan(daily)
    const { text, isError } = await create(args)
    expect(isError, text).toBe(false)
    expect(await storedAs(args['title'])).toMatchObject({ recurrence: { frequency: 'DAILY', interval: 2 } })
  })

  test.each([
    [
      'another start',
      { scheduleTimes: 'shifted' },
      {},
      'its start is "2041-03-05T09:30:00Z" instead of 2041-03-05T08:30Z',
    ],
    ['no recurrence', { scheduleStores: 'noRecurrence' }, daily, 'its recurrence cannot be read'],
    ['no targets', { scheduleStores: 'noTargets' }, {}, /its assets are "" instead of "\d+"/],
    [
      'neither start nor targets',
      { scheduleStores: 'noTargets', scheduleTimes: 'shifted' },
      {},
      /its start is .*, and its assets are/,
    ],
  ])('but stored with %s', async (_what, knobs, more, wrong) => {
    await sandbox.control.knobs(knobs)
    const args = plan(more)
    const next = await expectOff(await create(args), args['title'], wrong)
    const stored = await storedAs(args['title'])
    expect(next).toContain(`scheduleId ${stored?.['id']}`)
    expect(await timesSeen(sandbox.control, creating)).toBe(1)
  })

  // What the sandbox has no knob for: the record as it might come.
  test.each<readonly [string, object, object, RegExp]>([
    ['a start that is a time of day', { startTime: '08:30' }, {}, /start cannot be read/],
    [
      'a start without a zone',
      { startTime: '2041-03-05T08:30:00', timezone: 'Asia/Tokyo' },
      {},
      /start cannot/,
    ],
    ['a start with words behind it', { startTime: '2041-03-05 08:30 UTC (and more)' }, {}, /start cannot/],
    ['no start', { startTime: undefined }, {}, /start cannot be read/],
    ['another type', { scheduleType: 'RECURRING' }, {}, /it is "RECURRING" instead of ONE_TIME/],
    ['no type', { scheduleType: undefined }, {}, /whether it recurs cannot be read/],
    [
      'a rhythm that nobody asked for',
      { recurrence: { frequency: 'HOURLY', interval: 1 } },
      {},
      /it recurs \("\{'frequency':'HOURLY'/,
    ],
    [
      'another rhythm',
      {
        scheduleType: 'RECURRING',
        recurrence: { frequency: 'HOURLY', interval: 2 },
        endDate: '2041-04-01T00:00:00Z',
      },
      daily,
      /its recurrence is .*HOURLY.* instead of every 2 DAILY/,
    ],
    [
      'another interval',
      { scheduleType: 'RECURRING', recurrence: { frequency: 'DAILY' }, endDate: '2041-04-01T00:00:00Z' },
      daily,
      /its recurrence is .* instead of every 2 DAILY/,
    ],
    [
      'a rhythm, and run once all the same',
      { recurrence: { frequency: 'DAILY', interval: 2 }, endDate: '2041-04-01T00:00:00Z' },
      daily,
      /its recurrence is .*"ONE_TIME".* instead of every 2 DAILY/,
    ],
    [
      'no end',
      { scheduleType: 'RECURRING', recurrence: { frequency: 'DAILY', interval: 2 } },
      daily,
      /its end cannot be read/,
    ],
    [
      'another end',
      {
        scheduleType: 'RECURRING',
        recurrence: { frequency: 'DAILY', interval: 2 },
        endDate: '2042-04-01T00:00:00Z',
      },
      daily,
      /its end is "2042-04-01T00:00:00Z" instead of 2041-04-01/,
    ],
    ['one host more', { assets: [{ id: 1 }, { id: 2 }] }, {}, /its assets are "1, 2" instead of "\d+"/],
    ['another host', { assets: [{ id: 1 }] }, {}, /its assets are "1" instead of "\d+"/],
    ['no hosts to be read', { assets: 'all of them' }, {}, /its assets cannot be read/],
    ['a tag as well', { assetTags: [{ id: 7 }] }, {}, /its assetTags are "7" instead of ""/],
    ['switched on', {}, { activate: false }, /activate is true/],
    [
      'a reboot',
      { rebootAfterScriptExecution: true },
      { rebootAfterScriptExecution: false },
      /rebootAfterScriptExecution is true/,
    ],
    ['another script', { scripts: [{ id: 5 }] }, {}, /it runs the scripts "5"/],
  ])('but shown with %s', async (_what, body, more, wrong) => {
    await showing({ body: shown(body) })
    const args = plan(more)
    await expectOff(await create(args), args['title'], wrong)
  })

  test.each([
    ['timezone', 'Asia/Tokyo', 'zone "Asia/Tokyo"'],
    ['timeZone', 'UTC" and more\nof it', `zone "UTC' and more of it"`],
    ['zoneId', '', 'zone unknown'],
  ])('and shown with a zone (%s %j)', async (name, zone, told) => {
    await showing({ body: shown({ [name]: zone }) })
    const { text } = await create(plan())
    expect(text.split('\n')[0]).toMatch(new RegExp(`first run 2041-03-05T08:30:00Z, ${told}$`))
  })

  test('and denied when it is asked for, by id and in the list: not the mistake of the assistant', async () => {
    await sandbox.control.faults([denied, { route: listing, kind: 'reply', body: nothing }])
    const args = plan()
    await expectOff(await create(args), args['title'], /it cannot be read back/)
  })

  test('and denied by id alone, whose path is a guess: read from the list', async () => {
    await sandbox.control.faults([denied])
    const { text, isError } = await create(plan())
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await timesSeen(sandbox.control, listing)).toBe(1)
  })

  test('and shown with other names of fields', async () => {
    await sandbox.control.faults([{ route: getting, kind: 'rename' }])
    const args = plan()
    await expectOff(await create(args), args['title'], /its start cannot be read, and whether it recurs/)
  })

  test.each([
    ['no id', {}],
    ['an id that is none', { id: { toString: 1 } }],
    ['an id that leads elsewhere', { id: '../../x' }],
  ])('with %s in the answer: named by its title', async (_what, body) => {
    await sandbox.control.faults([{ route: creating, kind: 'reply', body: { errorCode: '0', body } }])
    const args = plan()
    await expectOff(await create(args), args['title'], /it cannot be read back/)
  })
})

describe('read from the list, where no call gets one', () => {
  let documented: typeof sandbox
  let other: Unattended
  beforeAll(async () => {
    documented = await openSandbox({ jobs: 200, assets: 60, evidence: 'documented' })
    other = await unattended(environmentFor(documented, { QUALYS_MAX_WAIT_SECONDS: '0' }), folder.path)
  })
  beforeEach(() => documented.control.reset())
  afterAll(async () => {
    await other.close()
    await documented.close()
  })

  /** Titles of scripts cannot be looked up there either. */
  const titled = async () => {
    const [script] = (await documented.control.truth('scripts')).filter(({ id }) => id === 19218)
    return plan({ scripts: [{ id: '19218', title: script?.['title'] }] })
  }

  test('as it was asked for', async () => {
    const { text, isError } = await create(await titled(), other)
    expect(isError, text).toBe(false)
    expect(text).toContain('first run 2041-03-05T08:30:00Z')
    expect(await timesSeen(documented.control, listing)).toBe(1)
  })

  test('with another start', async () => {
    await documented.control.knobs({ scheduleTimes: 'shifted' })
    const args = await titled()
    await expectOff(await create(args, other), args['title'], /its start is/)
  })

  test.each<readonly [string, object]>([
    ['cannot be read', { kind: 'status', status: 500 }],
    ['breaks off', { kind: 'truncate' }],
    ['does not show it', { kind: 'reply', body: nothing }],
    ['shows rows without ids', { kind: 'dropId' }],
  ])('that %s', async (_what, fault) => {
    await documented.control.faults([{ route: listing, ...fault }])
    const args = await titled()
    await expectOff(await create(args, other), args['title'], /it cannot be read back/)
    expect(await timesSeen(documented.control, creating)).toBe(1)
  })
})

describe('updated', () => {
  const updating = (id: unknown) => `POST /sm/v1/scheduler/${id}`
  /** A schedule of its own, and the arguments that leave out whatever may be left out. */
  async function made(more: object = {}) {
    const args = plan(more)
    expect((await create(args)).isError).toBe(false)
    const stored = await storedAs(args['title'])
    const { title, scripts, startDate, startTime } = args as Record<string, unknown>
    await sandbox.control.reset()
    return {
      id: stored?.['id'],
      bare: { scheduleId: stored?.['id'], title, scripts, startDate, startTime },
    }
  }
  const update = (args: object) => server.call('car_update_schedule', args)

  test('and what was left out is kept', async () => {
    const { id, bare } = await made()
    const { text, isError } = await update({ ...bare, startTime: '09:45' })
    expect(isError, text).toBe(false)
    expect(text).toContain(`schedule ${id} updated; first run 2041-03-05T09:45:00Z, zone unknown`)
    expect((await storedAs(bare.title))?.['assets']).toMatchObject([{ id: Number(ground.hosts[0]) }])
    expect(await timesSeen(sandbox.control, updating(id))).toBe(1)
  })

  test('and what was left out is lost', async () => {
    const { id, bare } = await made()
    await sandbox.control.knobs({ scheduleStores: 'noTargets' })
    const heard = await update(bare)
    await expectOff(heard, bare.title, /its assets are "" instead of "\d+"/)
    expect(String(heard.error?.['next'])).toContain(`scheduleId ${id}`)
    expect(await timesSeen(sandbox.control, updating(id))).toBe(1)
  })

  test('to other hosts', async () => {
    const { bare } = await made()
    const { text, isError } = await update({
      ...bare,
      assets: ground.hosts.slice(1, 3),
      excludedAssets: ground.hosts.slice(4, 5),
    })
    expect(isError, text).toBe(false)
    expect((await storedAs(bare.title))?.['assets']).toMatchObject(
      ground.hosts.slice(1, 3).map((id) => ({ id: Number(id) })),
    )
  })

  test('and switched on behind everybody’s back', async () => {
    const { bare } = await made({ activate: false })
    await sandbox.control.faults([
      { route: getting, kind: 'reply', body: { body: shown({ activate: true }) }, skip: 1 },
    ])
    await expectOff(await update(bare), bare.title, /activate is true/)
  })

  test('from recurring to once', async () => {
    const { bare } = await made(daily)
    expect((await update(bare)).isError).toBe(false)
    const stored = await storedAs(bare.title)
    expect(stored).toMatchObject({ scheduleType: 'ONE_TIME' })
    expect(stored).not.toHaveProperty('recurrence')
  })

  test('and gone when it is read back', async () => {
    const { bare } = await made()
    await sandbox.control.faults([
      { ...denied, skip: 1 },
      { route: listing, kind: 'reply', body: nothing },
    ])
    await expectOff(await update(bare), bare.title, /it cannot be read back/)
  })
})
