import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { VendorError } from '../../../src/shared/errors.ts'
import { requestedIds } from '../../support/consent/replies.ts'
import { performInMemory, previewIn, toolContextOn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// What a person reads of a stored schedule: what it passes to its scripts, and every host and tag that it reaches.

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const stored = {
  id: 'a1',
  title: 'Nightly',
  startTime: '2041-03-05T08:30:00Z',
  activate: false,
  scripts: [{ id: 7, title: 'Clean', params: [{ key: base64('path'), value: base64('rm -rf /') }] }],
  assets: [{ id: 1 }, { id: 2 }],
  assetTags: [],
  excludedAssets: [{ id: 3 }],
} as const
const host = (id: string): Row => ({
  id,
  name: `host ${id}`,
  agentUuid: `u-${id}`,
  platform: 'LINUX',
  tags: [{ id: '11', name: 'Web' }],
})

/** A platform with ten hosts, three of which have tag 11, and one schedule. */
function repliesWith(schedule: object = {}): Replies {
  const all = Array.from({ length: 10 }, (_, at) => host(String(at + 1)))
  return {
    car_get_schedule: { ...stored, ...schedule },
    car_get_script: ({ scriptId }) => ({
      id: scriptId,
      title: 'Clean',
      platform: 'LINUX',
      content: 'rm "$1"\n',
    }),
    car_search_scripts: [{ id: '7', title: 'Clean' }],
    car_search_asset_tags: (args) => requestedIds(args).map((id) => ({ id, name: 'Web' })),
    car_search_assets: ({ filter }) => {
      if (filter === undefined) return all
      if (filter === 'tags.id:11') return all.slice(3, 6)
      const ids = requestedIds({ filter })
      return String(filter).startsWith('tags.') ? [] : all.filter(({ id }) => ids.includes(String(id)))
    },
  }
}
const linesOf = async (tool: string, args: object = {}, schedule: object = {}): Promise<string[]> =>
  (await previewIn(repliesWith(schedule), tool, { scheduleId: 'a1', ...args })).split('\n')

const one = 'car_activate_schedule'
const calls = [one, 'car_deactivate_schedule', 'car_delete_schedule']
const rowsBelow = (lines: readonly string[], label: string): string[] => {
  const from = lines.indexOf(`${label}:`) + 1
  const to = lines.findIndex((text, at) => at >= from && !text.startsWith('  '))
  return from === 0 ? [] : lines.slice(from, to)
}

describe.each(calls)('%s', (tool) => {
  test('shows the stored parameters of each script', async () => {
    const lines = await linesOf(tool)
    expect(lines).toContain('  stored parameters of script 7: "path=rm -rf /"')
  })

  test('shows every host and excluded host by name', async () => {
    const lines = await linesOf(tool)
    expect(rowsBelow(lines, 'hosts (id, name, platform)')).toEqual([
      '  "1", "host 1", "LINUX"',
      '  "2", "host 2", "LINUX"',
    ])
    expect(rowsBelow(lines, 'excluded hosts (id, name, platform)')).toEqual(['  "3", "host 3", "LINUX"'])
  })

  test('shows the tags by name, with their hosts', async () => {
    const lines = await linesOf(tool, {}, { assets: [], assetTags: [{ id: 11 }] })
    expect(rowsBelow(lines, 'tags (id, name, hosts)')).toEqual(['  "11", "Web", "3 hosts"'])
    expect(rowsBelow(lines, 'hosts (id, name, platform)')).toEqual(
      ['4', '5', '6'].map((id) => `  "${id}", "host ${id}", "LINUX"`),
    )
  })

  test('shows its options', async () => {
    const lines = await linesOf(tool, {}, { rebootAfterScriptExecution: true, rebootDelayInSeconds: 60 })
    expect(lines).toContain('  rebootAfterScriptExecution: "true"')
    expect(lines).toContain('  rebootDelayInSeconds: "60"')
  })
})

describe.each(calls.slice(1))('%s runs nothing', (tool) => {
  test('and says how many hosts the schedule reaches', async () => {
    expect(await linesOf(tool)).toContain('  it reaches 2 hosts')
  })

  test.each<readonly [string, object, string]>([
    ['a tag cannot be counted', { assetTags: [{ id: 12 }] }, ': how many hosts tag 12 has cannot be proved'],
    ['there are too many tags', { assetTags: Array.from({ length: 11 }, (_, at) => ({ id: at })) }, ''],
  ])('and says so where %s', async (_what, schedule, reason) => {
    expect(await linesOf(tool, {}, schedule)).toContain(`  how many hosts it reaches is not known${reason}`)
  })

  test('and says so where the lists cannot be read', async () => {
    expect(await linesOf(tool, {}, { assets: 'x' })).toContain('  its hosts and tags cannot be read')
  })

  test('and is shown where Qualys answers nothing else', async () => {
    const away = (): never => {
      throw new VendorError('away', '')
    }
    const replies = { ...repliesWith(), car_search_assets: away, car_search_asset_tags: away }
    const preview = await previewIn(replies, tool, { scheduleId: 'a1' })
    expect(preview).toContain('\nhosts that could not be looked up (id): "1", "2"\n')
  })
})

describe('stored parameters', () => {
  test.each([
    ['base64', { key: base64('path'), value: base64('C:\\Temp') }, '"path=C:\\\\Temp"'],
    ['plain', { key: 'path', value: 'rm -rf /' }, '"path=rm -rf /"'],
    ['plain that could be base64 of no text', { key: 'path', value: 'test' }, '"path=test"'],
    ['without a value', { key: 'path' }, '"path=(value not shown by Qualys)"'],
    ['plain that could be base64 of bytes', { key: 'AAAA', value: 'aaab' }, '"AAAA=aaab"'],
    [
      'of a password, masked',
      { key: base64('password'), value: base64('hunter2hunter2') },
      '"password=[masked-by-qualys-mcp]"',
    ],
  ])('that are %s', async (_what, parameter, shown) => {
    const lines = await linesOf(one, {}, { scripts: [{ id: 7, params: [parameter] }] })
    expect(lines).toContain(`  stored parameters of script 7: ${shown}`)
  })

  test('hold no secret of this server, though Qualys shows it in base64', async () => {
    const redact = (text: string): string => text.replaceAll('s3cret-of-ours', '[masked-by-qualys-mcp]')
    const scripts = [{ id: 7, params: [{ key: base64('path'), value: base64('a s3cret-of-ours b') }] }]
    const session = new MemorySession(repliesWith({ scripts }), redact)
    const asked = await performInMemory(session, one, { scheduleId: 'a1' }, toolContextOn(session))
    expect('question' in asked && asked.question).toContain('"path=a [masked-by-qualys-mcp] b"')
  })
})

test('an activation warns of what the stored options do', async () => {
  const options = { rebootAfterScriptExecution: true, executionPolicyBypassEnabled: true }
  const lines = await linesOf(one, {}, options)
  expect(lines.slice(1, 4)).toEqual([
    '! When and how often it will run until its end cannot be read.',
    '! Every host reboots after the script; unsaved work there is lost.',
    '! The PowerShell execution policy of the hosts is ignored: unsigned code runs where their owner forbade it.',
  ])
  const off = await linesOf('car_deactivate_schedule', {}, options)
  expect(off.join('\n')).not.toContain('! ')
})

describe('an update', () => {
  const update = 'car_update_schedule'
  const plan = {
    ...{ title: 'Nightly', scripts: [{ id: 7 }], startDate: '2041-03-05', startTime: '08:30' },
    recurrence: 'ONCE',
  }

  test('shows each value that changes, as stored and as new', async () => {
    const lines = await linesOf(
      update,
      {
        ...plan,
        title: 'Weekly',
        startTime: '09:00',
        recurrence: 'WEEKLY',
        endDate: '2041-04-01',
        activate: true,
      },
      { recurrence: { frequency: 'DAILY', interval: 1 }, endDate: '2041-04-01T00:00:00Z' },
    )
    const changes = lines.filter((text) => text.includes(', stored and new: '))
    expect(changes).toEqual([
      '  title, stored and new: "Nightly", "Weekly"',
      '  startTime, stored and new: "2041-03-05T08:30:00Z", "2041-03-05T09:00:00Z"',
      expect.stringMatching(/^ {2}recurrence, stored and new: ".*DAILY.*", ".*WEEKLY.*"$/),
      '  activate, stored and new: "false", "true"',
    ])
  })

  test('shows a value once that it compares with the stored one', async () => {
    const text = (await linesOf(update, { ...plan, title: 'Weekly', activate: true })).join('\n')
    expect(text).not.toMatch(/\n *(?:not active|(?:title|activate):)/)
    expect(text).toMatch(/\n {2}start: "2041-03-05T08:30:00Z"\n/)
  })

  test('shows no change where nothing changes', async () => {
    const lines = await linesOf(update, plan)
    expect(lines).toContain('schedule a1: "Nightly"')
    expect(lines.join('\n')).not.toMatch(/stored and new|leave the schedule|come to the schedule/)
  })

  test('shows the hosts that leave, come, and are no longer excluded', async () => {
    const lines = await linesOf(update, { ...plan, assets: ['2', '4'], excludedAssets: ['5'] })
    const rows = (id: string) => [`  "${id}", "host ${id}", "LINUX"`]
    expect(rowsBelow(lines, 'hosts that leave the schedule (id, name, platform)')).toEqual(rows('1'))
    expect(rowsBelow(lines, 'hosts that come to the schedule (id, name, platform)')).toEqual(rows('4'))
    expect(rowsBelow(lines, 'hosts that are no longer excluded (id, name, platform)')).toEqual(rows('3'))
  })

  test('shows the stored parameters that it replaces', async () => {
    expect(await linesOf(update, plan)).toContain('  stored parameters of script 7: "path=rm -rf /"')
  })

  test('warns of a stored reboot that it keeps', async () => {
    const warning = '! Every host reboots after the script; unsaved work there is lost.'
    const reboots = { rebootAfterScriptExecution: true }
    const on = { ...plan, activate: true }
    expect(await linesOf(update, on, reboots)).toContain(warning)
    expect(await linesOf(update, { ...on, rebootAfterScriptExecution: false }, reboots)).not.toContain(
      warning,
    )
  })
})

describe('a stored id that no input would take', () => {
  const hostile = 'x", "y"\naccount: "harmless"\n! z'

  test.each([
    [
      'of a script',
      { scripts: [{ id: hostile, params: [{ key: 'a', value: '1' }] }] },
      '  its scripts cannot be read',
    ],
    ['of a host', { assets: [{ id: hostile }] }, '  its hosts and tags cannot be read'],
    ['of a tag', { assetTags: [{ id: hostile }] }, '  its hosts and tags cannot be read'],
  ])('%s begins no line of a preview', async (_what, schedule, said) => {
    const lines = await linesOf('car_delete_schedule', {}, schedule)
    expect(lines).toContain(said)
    expect(lines.filter((text) => /harmless|^! z/.test(text))).toEqual([])
  })

  test('the parameters of such a script are shown', async () => {
    const scripts = [{ id: hostile, params: [{ key: 'path', value: 'rm -rf /' }] }]
    expect(await linesOf('car_delete_schedule', {}, { scripts })).toContain(
      '  stored parameters of a script whose id cannot be read: "path=rm -rf /"',
    )
  })
})

test('a value of another form than documented is shown as it is', async () => {
  const lines = await linesOf('car_delete_schedule', {}, { rebootAfterScriptExecution: { soon: true } })
  expect(lines).toContain(String.raw`  rebootAfterScriptExecution: "{\"soon\":true}"`)
})
