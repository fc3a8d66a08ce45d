import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { specs } from '../../../src/config/specs.ts'
import { lists, operations } from '../../../src/operations/index.ts'
import { parseExportRequest } from '../../../src/tools/exports/export-request.ts'
import { guides } from '../../../src/tools/guides/guides.ts'
import type { HoldReason } from '../../../src/tools/plans/plan.ts'
import { countedColumns, knownColumns } from '../../../src/tools/replies/known-columns.ts'
import { bucketNames } from '../../../src/tools/workflows/count/group-key.ts'
import { countTokens } from '../../programs/token-counter.ts'
import { effects, exampleIn, namesIn, quotedIn, tools, vocabulary } from '../../support/guides/words.ts'

// The guides are checked against the code: a renamed tool, argument, word or setting fails here.

const known = vocabulary()
const everyName = new Set(effects.keys())
const texts = new Map(
  await Promise.all(guides.map(async ({ name, load }) => [name, await load(everyName)] as const)),
)

const textOf = (name: string): string => texts.get(name) ?? ''

/** Parts of QQL, of scripts and of the command line, which none of our schemas has. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  qql: [
    'token:value',
    'script.name:Nightly backup',
    'script.name:"Nightly backup"',
    'AND',
    'OR',
    'NOT',
    'status:[APPROVED, REJECTED]',
    'severity > 3',
    '>=',
    '<',
    '<=',
    '=',
    'severity:[2 .. 4]',
    'severity:(2 .. 4)',
    'now-7d',
    'name:win*',
    'name:*win',
    'name is null',
    'tags.name',
    'interfaces.address',
  ],
  columns: ['Contains'],
  'saq-filters': ['Contains'],
  'script-authoring': [
    'param([string]$Path, [string]$Password)',
    '"$1"',
    'APPROVED',
    'QUALYS_SECRET_DB_PASSWORD',
  ],
  rollouts: ['"3"', '"5%"', '"10%"', '"4h"', 'qualys-mcp plans advance --watch'],
}

/** Every reason to hold a plan: one that is missing here is an error of types. */
const reasons: Readonly<Record<HoldReason, true>> = {
  person: true,
  failures: true,
  'not reported': true,
  'left out': true,
  'script changed': true,
  limit: true,
  approval: true,
  late: true,
  'unproved run': true,
  refused: true,
}

/** Names without backticks that are not ours. */
const brands = /^(?:GitHub|GitLab|TruRisk|PowerShell|VBScript|continuationTokens)$/

const isJson = (part: string): boolean => {
  try {
    JSON.parse(part)
    return /^[[{]/.test(part)
  } catch {
    return false
  }
}

describe.each(guides.map((guide) => [guide.name, guide] as const))('%s', (name, { description }) => {
  // The columns of all lists; a server with few tools shows few.
  const most = name === 'columns' ? 2_500 : 1_500

  test('is markdown with a title, and short', async () => {
    expect(countTokens(textOf(name))).toBeLessThan(most)
    expect(countTokens(textOf(name))).toBeGreaterThan(400)
    expect(textOf(name)).toMatch(/^# \S/)
    expect(description.match(/[.!?](?:\s|$)/g)).toHaveLength(1)
  })

  test('names nothing that does not exist', () => {
    const strange = quotedIn(textOf(name)).filter(
      (part) =>
        !known.has(part) &&
        !otherWords[name]?.includes(part) &&
        !isJson(part) &&
        exampleIn(part) === undefined &&
        !operations.some(({ route }) => route.includes(` ${part}/`)),
    )
    expect(strange).toEqual([])
    const bare = namesIn(textOf(name).replace(/`[^`]+`/g, ''))
    expect(bare.filter((word) => !known.has(word) && !brands.test(word))).toEqual([])
  })

  test('shows calls that their tools accept', async () => {
    for (const { tool, args } of quotedIn(textOf(name)).flatMap((part) => exampleIn(part) ?? [])) {
      expect(effects.get(tool), tool).toBe('read')
      if (tool === 'qualys_export') await parseExportRequest(args, new Map())
      else expect(z.strictObject(tools.get(tool)?.input ?? {}).safeParse(args).error, tool).toBeUndefined()
    }
  })
})

test('there are example calls in three guides at least', () => {
  const trying = guides.filter(({ name }) => quotedIn(textOf(name)).some((part) => exampleIn(part)))
  expect(trying.length).toBeGreaterThanOrEqual(3)
})

describe('columns of lists', () => {
  const sections = new Map(
    textOf('columns')
      .split('\n## ')
      .slice(1)
      .map((section) => [/^`(\w+)`/.exec(section)?.[1] ?? '', section]),
  )

  test('every list has its own section, and nothing else has one', () => {
    expect([...sections.keys()]).toEqual(lists.map(({ name }) => name))
    expect(lists.length).toBeGreaterThan(10)
  })

  test.each(lists.map((list) => [list.name, list] as const))('%s: all that is known of it', (name, list) => {
    const section = sections.get(name) ?? ''
    const [, , line = ''] = section.split('\n')
    const [defaults = '', others = ''] = line.replace(/^All "\?": /, '').split('; ')
    expect(defaults.replaceAll('?', '').split(', ')).toEqual(list.columns)
    const shown = `${defaults}, ${others}`.split(', ')
    const isAll = line.startsWith('All "?": ')
    const known = knownColumns(list)
    for (const { name, isDocumented } of known) {
      const near = shown.filter((one) => `${name}.`.startsWith(`${one.replace('?', '')}.`))
      expect(near, name).toHaveLength(1)
      expect(isAll || near[0]?.endsWith('?'), name).toBe(!isDocumented)
    }
    for (const word of countedColumns(list))
      expect(section).toMatch(new RegExp(`^- Counted also by .*${word}`, 'm'))
    for (const remark of list.remarks ?? []) expect(section).toContain(`\n- ${remark}`)
  })

  test.each([
    ['car_search_asset_jobs', /failed: with another code, time-outs included/],
    ['car_search_asset_jobs', /open: not ended/],
    ['car_search_asset_jobs', /Results of test runs are listed and counted/],
    ['car_search_jobs', /Test runs \(test true\) are listed and counted/],
    ['car_search_jobs', /Automated: started by a schedule .*; Manual: by a person/],
    ['car_search_scripts', /only APPROVED ones run/],
    ['car_search_schedules', /off: switched off/],
    ['saq_search_questionnaires', /REVIEW: of the reviewer.*INCOMPLETE: Qualys does not say/],
  ])('%s says what its words mean: %s', (name, words) => expect(sections.get(name)).toMatch(words))

  test('what holds for all lists is said once', () => {
    const [head = ''] = textOf('columns').split('\n## ')
    expect(head).toMatch(/An `endAt` without a time includes that day/)
    expect(head).toMatch(/`match` looks in every field/)
    expect(head).toMatch(/are exact \(`company`\); those with `Contains` \(`companyContains`\) find parts/)
    expect(head).toMatch(/runs, .* are numbers; those of schedules .* are UUIDs/)
  })

  test('a remark is one short line', () => {
    const remarks = operations.flatMap(({ remarks = [] }) => remarks)
    expect(remarks.length).toBeGreaterThan(8)
    for (const remark of remarks) expect(remark).toMatch(/^[^\n]{10,200}\.$/)
  })

  test('a server with tools of one product shows those of that product', async () => {
    const { columns } = await import('../../../src/tools/guides/texts/columns.ts')
    const names = lists.map(({ name }) => name).filter((name) => name.startsWith('saq_'))
    const text = columns(new Set(names))
    expect(text.match(/^## /gm)).toHaveLength(names.length)
    expect(text).not.toMatch(/car_|schedules/)
    expect(columns(new Set())).not.toMatch(/^## /m)
  })
})

describe('what is read from the code', () => {
  test('every call has its version, every announced end its row', () => {
    const text = textOf('api-versions')
    for (const { name, route, retired = [] } of operations) {
      expect(text).toContain(`\`${name}\``)
      const row = text.split('\n').find((line) => line.startsWith('| `/') && line.includes(`\`${name}\``))
      expect(route, name).toContain(`${/^\| `([^`]+)`/.exec(row ?? '')?.[1]}/`)
      for (const old of retired)
        expect(text).toContain(`| \`${old.route}\` | ${old.endOfLife} | \`${name}\`: \`${route}\` |`)
    }
    expect(operations.flatMap(({ retired = [] }) => retired).length).toBeGreaterThan(0)
  })

  test('the reach of every list is stated, once', () => {
    const lines = textOf('paging').split('\n')
    const of = {
      searchAfter: /^- To the end: /,
      offset: /^- To the end: /,
      pageNumber: /^- To row 9,999/,
      qps: /^- To the end, without a total/,
      whole: /^- In one piece/,
    }
    for (const { name, paging } of operations) {
      const saying = lines.filter((line) => line.startsWith('- ') && line.includes(`\`${name}\``))
      if (!paging) continue
      expect(saying, name).toHaveLength(1)
      expect(saying[0], name).toMatch(of[paging.kind])
    }
  })

  test('match is described as it works', () => {
    for (const guide of ['qql', 'saq-filters', 'paging'])
      expect(textOf(guide)).toMatch(/batches of 1,000 rows/)
  })

  test('counting is described as it works', () => {
    const text = textOf('paging')
    for (const bucket of bucketNames) expect(text).toContain(`\`:${bucket}\``)
    expect(text).toMatch(/`:week` \(named by its Monday\)/)
    expect(text).toMatch(/"the rest"/)
    expect(text).toMatch(/More than 10,000 groups are refused/)
  })

  test('every search input of SAQ is in the table, and every word of a state', () => {
    const text = textOf('saq-filters')
    const searches = operations.filter(({ name }) => name.startsWith('saq_search_'))
    expect(searches.length).toBeGreaterThan(4)
    for (const { name, input, localFilters } of searches)
      for (const argument of Object.keys({ ...input, ...localFilters }))
        expect(text, `${name} ${argument}`).toContain(`\`${argument.replace(/Contains$/, '')}\``)
    for (const { input } of searches) {
      const schema = z.toJSONSchema(z.object(input), { io: 'input' })
      const words = JSON.stringify(schema).match(/"[A-Z]{2,}(?:_[A-Z]+)*"/g) ?? []
      for (const word of words) expect(text).toContain(`\`${word.slice(1, -1)}\``)
    }
  })

  test('every named input of a list of CAR is in the guide to filters, apart from those of Qualys if kept here', () => {
    const lines = textOf('qql').split('\n')
    const lists = operations.filter(({ name, localFilters }) => name.startsWith('car_') && localFilters)
    expect(lists.length).toBeGreaterThan(4)
    for (const { name, input, localFilters } of lists) {
      const line = lines.find((one) => one.startsWith(`- \`${name}\`: `)) ?? ''
      const [own, local] = line.split('; ')
      for (const argument of Object.keys(localFilters ?? {})) expect(local, name).toContain(`\`${argument}\``)
      for (const argument of ['jobId', 'scriptName', 'startAt'].filter((one) => one in input))
        expect(own, name).toContain(`\`${argument}\``)
    }
  })

  test('defaults of settings are the real ones', () => {
    const text = textOf('limits-and-roles')
    for (const { env, default: fallback } of [specs.maxAssetsPerRun, specs.maxAssetsPerPlan, specs.maxBulk])
      expect(text).toContain(`| \`${env}\` | ${fallback} |`)
    expect(text).toContain(`| \`QUALYS_MODE\` | \`${specs.mode.default}\` |`)
  })
})

describe('rollouts', () => {
  const text = textOf('rollouts')

  test('the call that is shown is one that its tool takes', () => {
    const input = tools.get('car_plan_rollout')?.input
    const calls = quotedIn(text).filter((part) => isJson(part))
    expect(calls).toHaveLength(1)
    expect(z.strictObject(input ?? {}).safeParse(JSON.parse(calls[0] ?? '')).error).toBeUndefined()
  })

  test('every outcome of a host and every reason to hold is explained', () => {
    const outcomes = ['succeeded', 'failed', 'unknown', 'not reported']
    expect([...text.matchAll(/^- ([a-z ]+): .*[;.]$/gm)].map(([, outcome]) => outcome)).toEqual(outcomes)
    const [, table = ''] = text.split('\n| --- | --- |\n')
    const [rows = ''] = table.split('\n\n')
    const named = rows.split('\n').flatMap((row) => /^\| ([^|]+) \|/.exec(row)?.[1]?.split(', ') ?? [])
    expect(named.toSorted()).toEqual(Object.keys(reasons).toSorted())
  })
})

describe('undocumented behaviour is not described as known', () => {
  const rowOf = (guide: string, start: string): string =>
    textOf(guide)
      .split('\n')
      .find((line) => line.startsWith(start)) ?? ''

  test.each([
    ['qql', '| any of the words', /that the value goes on .* is inferred/],
    ['qql', '| `car_search_blocked_commands`', /unknown: no page shows its inputs \| unknown/],
    ['limits-and-roles', '| `car_list_reports`', /unknown for Auditor and Viewer/],
    [
      'limits-and-roles',
      '| `car_search_blocked_commands`',
      /unclear: .*Manager only.*Library Script Importer/,
    ],
    ['saq-filters', '- template `state`', /whether it must be a published one is not documented/],
    [
      'saq-filters',
      '- Nothing found',
      /INVALID_REQUEST.*"no results corresponding to your request".*any other/,
    ],
    ['script-authoring', '3. A reviewer', /no more is documented than that they cannot be cloned/],
  ])('%s: %s', (guide, start, said) => {
    expect(rowOf(guide, start)).toMatch(said)
  })

  test('an unquoted value is nowhere said to be equal', () => {
    expect(textOf('qql')).not.toMatch(/equals, contains/)
    expect(textOf('script-authoring')).not.toMatch(/end its life/)
  })
})
