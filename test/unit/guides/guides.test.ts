import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { specs } from '../../../src/config/specs.ts'
import { operations } from '../../../src/operations/index.ts'
import { parseExportRequest } from '../../../src/tools/exports/export-request.ts'
import { guides } from '../../../src/tools/guides/guides.ts'
import { bucketNames } from '../../../src/tools/workflows/count/groups.ts'
import { countTokens } from '../../programs/token-counter.ts'
import { effects, exampleIn, namesIn, quotedIn, tools, vocabulary } from '../../support/guides/words.ts'

// The guides are checked against the code: a renamed tool, argument, word or setting fails here.

const known = vocabulary()
const texts = new Map(await Promise.all(guides.map(async ({ name, load }) => [name, await load()] as const)))

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
  'saq-filters': ['Contains'],
  'script-authoring': [
    'param([string]$Path, [string]$Password)',
    '"$1"',
    'APPROVED',
    'QUALYS_SECRET_DB_PASSWORD',
  ],
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
  test('is markdown with a title, below 1,500 tokens', async () => {
    expect(countTokens(textOf(name))).toBeLessThan(1_500)
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
    for (const { name, input } of searches)
      for (const argument of Object.keys(input).map((key) => key.replace(/Contains$/, '')))
        expect(text, `${name} ${argument}`).toContain(`\`${argument}\``)
    for (const { input } of searches) {
      const schema = z.toJSONSchema(z.object(input), { io: 'input' })
      const words = JSON.stringify(schema).match(/"[A-Z]{2,}(?:_[A-Z]+)*"/g) ?? []
      for (const word of words) expect(text).toContain(`\`${word.slice(1, -1)}\``)
    }
  })

  test('defaults of settings are the real ones', () => {
    const text = textOf('limits-and-roles')
    for (const { env, default: fallback } of [specs.maxAssetsPerRun, specs.maxBulk])
      expect(text).toContain(`| \`${env}\` | ${fallback} |`)
    expect(text).toContain(`| \`QUALYS_MODE\` | \`${specs.mode.default}\` |`)
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
