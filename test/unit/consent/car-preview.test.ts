import { describe, expect, test } from 'vitest'
import type { CarEffectTargets } from '../../../src/operations/effects/effect-targets.ts'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { carPreview } from '../../../src/tools/effects/preview/car-preview.ts'
import type { PreviewParts } from '../../../src/tools/effects/preview/preview.ts'
import type { CarTargets } from '../../../src/tools/effects/targets/car-targets.ts'
import type { Hosts } from '../../../src/tools/effects/targets/hosts.ts'
import type { Target } from '../../../src/tools/effects/targets/lookup.ts'
import { linesIn } from '../../support/consent/previews.ts'

// What a preview shows of scripts, schedules, hosts and tags.

const empty: Omit<CarTargets, 'named'> = {
  product: 'car',
  scripts: [],
  schedules: [],
  assets: [],
  tags: [],
  excludedAssets: [],
  stored: undefined,
  records: [],
  activeSchedules: [],
}
const targetOf = (id: string, row: object = { name: `name ${id}` }): Target => ({
  id,
  row: JSON.parse(JSON.stringify(row)),
  raw: { ...row },
})
const many = (count: number, more: object = {}): Target[] =>
  Array.from({ length: count }, (_, at) => targetOf(String(at + 1), { name: `h${at + 1}`, ...more }))
const hostsOf = (members: readonly Target[], count: number | undefined = members.length): Hosts => ({
  count,
  members,
})

const view = { cover: (text: string) => text, redact: (text: string) => text }
/** Rows of hosts, each with its id, name and platform. */
const hostRows = (...hosts: readonly (readonly [id: string, name: string, platform?: string])[]) => ({
  label: 'hosts',
  columns: ['id', 'name', 'platform'],
  rows: hosts.map(([id, name, platform = '']) => [id, name, platform]),
})
const lost = (noun: string, ...ids: readonly string[]) => ({
  label: `${noun} that could not be looked up`,
  columns: ['id'],
  rows: ids.map((id) => [id]),
})

function carPartsOf(
  targets: Partial<CarTargets>,
  {
    touched = {},
    hosts,
    args = {},
  }: { touched?: Omit<CarEffectTargets, 'product'>; hosts?: Hosts; args?: object } = {},
): PreviewParts {
  const named = { product: 'car', ...touched } as const
  return carPreview({ ...empty, named, ...targets }, hosts, { ...args }, view)
}

test('an effect without targets shows nothing', () => {
  expect(carPartsOf({})).toEqual({
    counts: [],
    lines: [],
    content: [],
    coveredArguments: new Set([undefined]),
    warnings: [],
  })
})

describe('a script', () => {
  const row = {
    title: 'Restart',
    platform: 'WINDOWS',
    severity: 3,
    status: 'APPROVED',
    content: new StoredText(Buffer.from('one\ntwo\n')),
  }

  test('is shown by title, platform, severity, state and kind of content', () => {
    expect(linesIn(carPartsOf({ scripts: [targetOf('7', row)] }).lines)).toEqual([
      'script 7: "Restart"',
      '  platform: "WINDOWS"',
      '  severity: "3"',
      '  state: "APPROVED"',
      expect.stringMatching(/^ {2}content: 2 lines, 8 characters, sha256 [0-9a-f]{64}$/),
    ])
  })

  test('that runs is shown with its content', () => {
    const { lines } = carPartsOf({ scripts: [targetOf('7', row)] }, { hosts: hostsOf(many(1)) })
    expect(lines.slice(5)).toEqual([
      { excerpt: ['  "one"', '  "two"'], lines: [], script: 'one\ntwo\n' },
      hostRows(['1', 'h1']),
    ])
  })

  test('whose content is replaced is shown without the content that no longer runs', () => {
    const named = { product: 'car' } as const
    const long = { excerpt: ['content: 1 line'], lines: [] }
    const content = { content: long, warnings: ['First.'], faults: [] }
    const parts = carPreview(
      { ...empty, named, scripts: [targetOf('7', row)] },
      hostsOf(many(1)),
      {},
      { ...view, content },
    )
    expect(parts.lines.slice(5)).toEqual([hostRows(['1', 'h1'])])
    expect([parts.content, parts.warnings]).toEqual([[long], ['First.']])
    expect(parts.coveredArguments).toContain('content')
  })

  test('is shown with its secrets covered', () => {
    const { lines } = carPreview(
      { ...empty, named: { product: 'car' }, scripts: [targetOf('7', row)] },
      hostsOf(many(1)),
      {},
      { ...view, cover: (text) => text.replace('two', '\uffff\uffff\uffff') },
    )
    expect(lines[5]).toEqual({
      excerpt: ['  "one"', '  "[masked-by-qualys-mcp]"'],
      lines: [],
      script: 'one\n[masked-by-qualys-mcp]\n',
    })
  })

  test('that runs brings a warning of a mask that may hide a command', () => {
    const content = new StoredText(Buffer.from('one\n$(reboot)\n'))
    const covered = { ...view, cover: (text: string) => text.replace('$(reboot)', '\uffff'.repeat(9)) }
    const targets = { ...empty, named: { product: 'car' as const }, scripts: [targetOf('7', { content })] }
    const warningsOf = (hosts?: Hosts) => carPreview(targets, hosts, {}, covered).warnings
    expect(warningsOf()).toEqual([])
    expect(warningsOf(hostsOf(many(1)))).toEqual([
      'Line 2 of script 7 may hold more than a secret where the preview masks one: approve it only if you have read it elsewhere.',
    ])
  })

  test.each([12, 13])('of %i lines that runs: twelve of them', (count) => {
    const content = Array.from({ length: count }, (_, at) => `l${at + 1}`).join('\n')
    const { lines } = carPartsOf(
      { scripts: [targetOf('7', { content: new StoredText(Buffer.from(content)) })] },
      { hosts: hostsOf(many(1)) },
    )
    const first = Array.from({ length: count === 12 ? 12 : 9 }, (_, at) => `  "l${at + 1}"`)
    const rest = count === 12 ? [] : ['  (1 more line)', '  "l11"', '  "l12"', '  "l13"']
    expect(lines.slice(2, -1)).toEqual([{ excerpt: [...first, ...rest], lines: [], script: content }])
  })

  test.each([
    ['a name where there is no title', { name: 'N' }, 'script 7: "N"'],
    ['a title before a name', { name: 'N', title: 'T' }, 'script 7: "T"'],
    ['nothing for an empty title', { title: '' }, 'script 7: "no title"'],
    ['nothing for a title of null', { title: null }, 'script 7: "no title"'],
  ])('shows %s', (_what, one, line) => {
    expect(linesIn(carPartsOf({ scripts: [targetOf('7', one)] }).lines)).toEqual([line])
  })

  test('that was not found is marked as such', () => {
    expect(carPartsOf({ scripts: [{ id: '7' }] }).lines).toEqual(['script 7 could not be looked up'])
  })

  test('shows no content that is not text, and hashes what Qualys sent', () => {
    const { lines } = carPartsOf({
      scripts: [
        {
          id: '7',
          row: { content: 'a [masked-by-qualys-mcp]' },
          raw: { content: new StoredText(Buffer.from('a b')) },
        },
      ],
    })
    expect(linesIn(lines)[1]).toMatch(/^ {2}content: 1 line, 3 characters, /)
    expect(carPartsOf({ scripts: [targetOf('7', { content: ['x'] })] }).lines).toHaveLength(1)
  })

  test('whose content Qualys sends as text is shown without a hash of bytes', () => {
    const scripts = [targetOf('7', { content: 'echo 1' })]
    expect(carPartsOf({ scripts }, { hosts: hostsOf([]) }).lines).toEqual([
      { label: 'script 7', values: ['no title'] },
      { excerpt: ['  "echo 1"'], lines: [], script: 'echo 1' },
    ])
  })
})

describe('a schedule', () => {
  test('is shown by title, start, state, scripts, recurrence, end and its flags', () => {
    const row = {
      title: 'Nightly',
      startTime: '2041-03-05T08:30:00Z',
      activate: true,
      scripts: [{ id: 5 }, { id: 6 }],
      recurrence: { frequency: 'DAILY', interval: 2 },
      endDate: '2041-04-01T00:00:00Z',
      rebootAfterScriptExecution: true,
      executionPolicyBypassEnabled: true,
      allTagsForAssetsEnabled: true,
    }
    expect(linesIn(carPartsOf({ schedules: [targetOf('a', row)] }).lines)).toEqual([
      'schedule a: "Nightly"',
      '  start: "2041-03-05T08:30:00Z"',
      '  active',
      '  scripts: "5", "6"',
      String.raw`  recurrence: "{\"frequency\":\"DAILY\",\"interval\":2}"`,
      '  end: "2041-04-01T00:00:00Z"',
      '  rebootAfterScriptExecution: "true"',
      '  executionPolicyBypassEnabled: "true"',
      '  allTagsForAssetsEnabled: "true"',
      '  its hosts and tags cannot be read',
    ])
  })

  test.each([
    ['inactive', { activate: false }, ['  not active']],
    ['of an activity that is no yes', { activate: 'yes' }, ['  not active']],
    ['without a state', {}, []],
    ['without a rhythm', { recurrence: null, endDate: null, startTime: '' }, []],
    ['with its switches off', { rebootAfterScriptExecution: false, allTagsForAssetsEnabled: null }, []],
    ['with a delay', { rebootDelayInSeconds: 60 }, ['  rebootDelayInSeconds: "60"']],
  ])('%s', (_what, row, lines) => {
    const schedules = [targetOf('a', { scripts: [{ id: 5 }], ...row })]
    const stored = { assets: [], tags: [], excludedAssets: [] }
    const first = lines.filter((line) => line.endsWith('active'))
    expect(linesIn(carPartsOf({ schedules, stored }).lines)).toEqual([
      'schedule a: "no title"',
      ...first,
      '  scripts: "5"',
      ...lines.filter((line) => !first.includes(line)),
      '  how many hosts it reaches is not known',
    ])
  })

  test('that was not found is marked as such', () => {
    expect(carPartsOf({ schedules: [{ id: 'a' }] }).lines).toEqual(['schedule a could not be looked up'])
  })
})

describe('hosts', () => {
  test.each([1, 10, 11, 25, 1_000])('of %i are all shown by name and platform', (count) => {
    const names = many(count).map(({ id }) => [id, `h${id}`, 'LINUX'] as const)
    expect(carPartsOf({ assets: many(count, { platform: 'LINUX' }) }).lines).toEqual([hostRows(...names)])
  })

  test('are shown by id where Qualys shows no name', () => {
    expect(carPartsOf({ assets: [targetOf('5', {}), targetOf('6', { title: 'T' })] }).lines).toEqual([
      hostRows(['5', ''], ['6', 'T']),
    ])
  })

  test('that were not found are marked as such', () => {
    expect(carPartsOf({ assets: [targetOf('5'), { id: '6' }, { id: '7' }] }).lines).toEqual([
      hostRows(['5', 'name 5']),
      lost('hosts', '6', '7'),
    ])
    expect(carPartsOf({ assets: [{ id: '6' }] }).lines).toEqual([lost('hosts', '6')])
  })

  test('are those that code runs on, where any are known', () => {
    const assets = [targetOf('5')]
    const linesOf = (hosts: Hosts) => carPartsOf({ assets }, { hosts }).lines
    expect(linesOf(hostsOf([targetOf('6')]))).toEqual([hostRows(['6', 'name 6'])])
    expect(linesOf(hostsOf([], 3))).toEqual([hostRows(['5', 'name 5'])])
  })

  test('tags, excluded hosts and active schedules each have rows', () => {
    const targets = {
      tags: [targetOf('1', { name: 'Linux' }), targetOf('4', { name: 'Lab' })],
      excludedAssets: [targetOf('2', { name: 'db-1' })],
      activeSchedules: [targetOf('3', { title: 'Nightly' })],
    }
    const hosts = { ...hostsOf([]), tagCounts: new Map([['1', 12]]) }
    expect(carPartsOf(targets, { hosts }).lines).toEqual([
      {
        label: 'tags',
        columns: ['id', 'name', 'hosts'],
        rows: [
          ['1', 'Linux', '12 hosts'],
          ['4', 'Lab', 'not counted'],
        ],
      },
      { label: 'excluded hosts', columns: ['id', 'name', 'platform'], rows: [['2', 'db-1', '']] },
      { label: 'active schedules', columns: ['id', 'title', 'start'], rows: [['3', 'Nightly', '']] },
    ])
  })
})

describe('the counts', () => {
  const targets = {
    scripts: many(1),
    schedules: many(2),
    assets: many(3),
    tags: many(4),
    excludedAssets: many(5),
    activeSchedules: many(6),
  }

  test('are hosts, tags, excluded hosts, scripts and schedules', () => {
    expect(carPartsOf(targets).counts).toEqual([
      '3 hosts',
      '4 tags',
      '5 excluded hosts',
      '1 script',
      '2 schedules',
    ])
  })

  test('are of the hosts that code runs on; an unknown number is omitted', () => {
    expect(carPartsOf(targets, { hosts: hostsOf([], 1_234) }).counts[0]).toBe('1,234 hosts')
    expect(carPartsOf(targets, { hosts: { count: undefined, members: [] } }).counts[0]).toBe('4 tags')
  })

  test('include the active schedules where new content runs through them', () => {
    const touched = { runsBySchedules: true }
    expect(carPartsOf(targets, { touched }).counts.at(-1)).toBe('6 active schedules')
    expect(carPartsOf({ activeSchedules: undefined }, { touched }).counts).toEqual([])
  })
})

describe('arguments that are covered by what is shown', () => {
  const touched = { scripts: ['5'], assets: ['1', '2'], tags: [] }

  test('are one for each list, by all of its ids in order', () => {
    const args = { scriptId: '5', assetIds: ['1', '2'], assetTagIds: [], description: '5' }
    expect(carPartsOf({}, { touched, args }).coveredArguments).toEqual(
      new Set(['scriptId', 'assetIds', undefined]),
    )
  })

  test.each([
    ['ids in another order', { assetIds: ['2', '1'] }],
    ['fewer ids', { assetIds: ['1'] }],
    ['more ids', { assetIds: ['1', '2', '3'] }],
    ['another id', { assetIds: ['1', '3'] }],
  ])('are none with %s', (_what, args) => {
    expect(carPartsOf({}, { touched, args }).coveredArguments).toEqual(new Set([undefined]))
  })
})

describe('a warning of the platform', () => {
  const scripts = [targetOf('7', { platform: 'WINDOWS' })]
  const warningsFor = (members: readonly Target[], own: readonly Target[] = scripts): readonly string[] =>
    carPartsOf({ scripts: own }, { hosts: hostsOf(members) }).warnings

  test('counts the hosts of another platform', () => {
    expect(warningsFor([...many(1, { platform: 'WINDOWS' }), ...many(1, { platform: 'LINUX' })])).toEqual([
      '1 host of another platform than the script.',
    ])
    expect(warningsFor(many(3, { platform: 'LINUX' }))).toEqual([
      '3 hosts of another platform than the script.',
    ])
  })

  test.each([
    ['of the same', many(2, { platform: 'WINDOWS' }), scripts],
    ['of none that is known', many(2), scripts],
    ['for a script of none that is known', many(2, { platform: 'LINUX' }), [targetOf('7', {})]],
    ['for scripts of which one is of none', many(2, { platform: 'LINUX' }), [...scripts, targetOf('8', {})]],
    ['for a script that was not found', many(2, { platform: 'LINUX' }), [{ id: '7' }]],
    ['without a script', many(2, { platform: 'LINUX' }), []],
  ])('is not given for hosts %s', (_what, members, own) => {
    expect(warningsFor(members, own)).toEqual([])
  })

  test('is given for each of the scripts', () => {
    const own = [...scripts, targetOf('8', { platform: 'LINUX' })]
    expect(warningsFor(many(2, { platform: 'LINUX' }), own)).toEqual([])
    expect(warningsFor(many(2, { platform: 'MAC' }), own)).toHaveLength(1)
  })
})
