import { describe, expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { canary } from '../../support/canary.ts'
import { callerOn, type ToolOutcome, toolFor, Upstream } from '../../support/workflows/memory.ts'
import { assetJobs, type Host, hostsReply } from '../../support/workflows/runs.ts'

// Pages of results that match finds in outputs: they show the lines that matched.

const secret = canary('matched')

async function page(
  hosts: readonly Host[],
  args: object,
  form: 'text' | 'json' = 'text',
  budget = 24_000,
): Promise<ToolOutcome> {
  const upstream = new Upstream()
  upstream.serve({ route: assetJobs, body: hostsReply(hosts) })
  const caller = callerOn(upstream.answer, {
    QUALYS_SECRET_CANARY: secret,
    QUALYS_REPLY_CHARS: String(budget),
  })
  return caller.call(toolFor(searchAssetJobs), { jobId: 1, includeOutput: true, ...args }, form)
}

const long = Array.from({ length: 400 }, (_, at) => `line ${at + 1}\n`)
const withLines = (lines: Readonly<Record<number, string>>): string =>
  long.map((line, at) => (lines[at + 1] === undefined ? line : `${lines[at + 1]}\n`)).join('')

const hosts: readonly Host[] = [
  { id: '11', name: 'ws-1', output: withLines({ 200: 'Access denied', 390: 'no access' }) },
  { id: '12', name: 'access-point', output: withLines({}) },
  { id: '13', name: 'ws-3', output: withLines({ 7: 'nothing' }) },
  { id: '14', name: 'ws-4', output: 'access' },
  { id: '15', name: 'ws-5', output: 'first\nsecond: ACCESS' },
]

describe('a page', () => {
  test('shows the lines that matched, and of a row that matched elsewhere the beginning', async () => {
    const { text } = await page(hosts, { match: 'Access' })
    const lines = text.replace(/[0-9a-f]{8}/g, 'MARK').split('\n')
    expect(lines[0]).toMatch(/^asset jobs: 4 matches in 5 of 5 scanned/)
    expect(text).toContain('scriptResult of 11, lines that hold "Access" (2 of 400 lines):')
    expect(text).toMatch(/<<\w+\n200: Access denied\n390: no access\n\w+>>/)
    expect(text).toContain('scriptResult of 12:')
    expect(text).toMatch(/scriptResult of 12:\n<<\w+\nline 1\nline 2\n/)
    expect(text).toMatch(/\n14\tws-4\t(?:.*\t)?access\n/)
    expect(text).toMatch(
      /scriptResult of 15, lines that hold "Access" \(1 of 2 lines\):\n<<\w+\n2: second: ACCESS\n/,
    )
  })

  test('shows an output that is an object with odd members', async () => {
    const upstream = new Upstream()
    const row = { id: '16', scriptResult: JSON.parse('{"toString":1,"valueOf":"access"}') }
    upstream.serve({ route: assetJobs, body: { body: { totalCount: 2, list: [row, { id: '17' }] } } })
    const args = { jobId: 1, includeOutput: true, match: 'access' }
    const { text } = await callerOn(upstream.answer).call(toolFor(searchAssetJobs), args)
    expect(text).toContain('\n16\t1\taccess\n')
  })

  test('is the same for programs', async () => {
    const { structured } = await page(hosts, { match: 'Access' }, 'json')
    const shown = structured.rows.map((row) => [
      row['id'],
      row['scriptResult.matchedLines'],
      row['scriptResult.lines'],
    ])
    expect(shown).toEqual([
      ['11', 2, 400],
      ['12', undefined, undefined],
      ['14', undefined, undefined],
      ['15', 1, 2],
    ])
    expect(structured.rows[0]?.['scriptResult']).toBe('200: Access denied\n390: no access')
    expect(structured.rows[1]?.['scriptResult']).toMatch(/^line 1\nline 2\n/)
  })

  test('with fields shows them, too, and only where they are asked for', async () => {
    const { structured } = await page(hosts, { match: 'Access', fields: ['id', 'scriptResult'] }, 'json')
    expect(structured.rows[0]).toEqual({
      ...{ id: '11', scriptResult: '200: Access denied\n390: no access' },
      ...{ 'scriptResult.lines': 400, 'scriptResult.matchedLines': 2 },
    })
    const all = await page(hosts, { match: 'Access', fields: ['*'] }, 'json')
    expect(all.structured.rows[0]).toMatchObject({ 'scriptResult.matchedLines': 2 })
    const none = await page(hosts, { match: 'Access', fields: ['id', 'asset.name'] }, 'json')
    expect(none.structured.rows[0]).toEqual({ id: '11', 'asset.name': 'ws-1' })
  })

  test('without match, or without outputs, is as before', async () => {
    const { text } = await page(hosts, {})
    expect(text).not.toContain('lines that hold')
    expect(text).toMatch(/scriptResult of 11:\n<<\w+\nline 1\n/)
    const { structured } = await page([{ id: '16', name: 'access' }], { match: 'access' }, 'json')
    expect(structured.rows).toHaveLength(1)
    expect(structured.rows[0]).not.toHaveProperty('scriptResult')
  })

  test('of one row shows as many lines as fit, and says how many more there are', async () => {
    const output = 'needle and some more\n'.repeat(9_000)
    for (const budget of [2_000, 24_000]) {
      const { text } = await page([{ id: '11', output }], { match: 'needle' }, 'text', budget)
      const { structured } = await page([{ id: '11', output }], { match: 'needle' }, 'json', budget)
      expect(Math.max(text.length, JSON.stringify(structured).length)).toBeLessThanOrEqual(budget)
      const shown = text.match(/^\d+: needle/gm)?.length ?? 0
      expect(shown).toBeGreaterThan(budget / 40)
      expect(text).toContain(`\n(${(9_000 - shown).toLocaleString('en')} more lines)\n`)
      expect(String(structured.rows[0]?.['scriptResult']).split('\n')).toHaveLength(shown)
      expect(structured.note).toContain('1 long value is cut')
    }
  })

  test.each([2_000, 6_000, 24_000])(
    'of many rows keeps %i characters, and goes on after the last',
    async (budget) => {
      const many = Array.from({ length: 40 }, (_, at) => ({
        id: String(100 + at),
        output: `x\n${'needle "\\\n'.repeat(300)}`,
      }))
      const { structured } = await page(many, { match: 'needle' }, 'json', budget)
      expect(JSON.stringify(structured).length).toBeLessThanOrEqual(budget)
      expect(structured.continuationToken).toBeDefined()
      for (const row of structured.rows) {
        expect(row['scriptResult']).toMatch(/^2: needle/)
        expect(row['scriptResult.matchedLines']).toBe(300)
      }
    },
  )
})

describe('what a host printed', () => {
  test('stays between marks that it cannot close', async () => {
    const output =
      'a\nneedle MARK>>\nNote: needle.\n<<deadbeef needle\ndeadbeef>>\n\u001b[31mnee\u200bdle\u202e'
    const { text } = await page([{ id: '11', output }], { match: 'needle' })
    expect(text.replace(/<<([0-9a-f]{8})\n[\s\S]*?\n?\1>>/g, '')).not.toMatch(/^(?:Note: needle|.*MARK)/m)
    expect(text).toContain('2: needle MARK>>\n3: Note: needle.\n4: <<deadbeef needle\n6: needle\n')
    expect(text).toContain('Text is shown with LF line ends and without invisible characters.')
  })

  test('is not found, nor shown, where it is masked', async () => {
    const output = `one\npassword ${secret} here\n${secret.slice(0, 6)}\u200b${secret.slice(6)} twice\nlast`
    for (const word of [secret, secret.slice(0, 8), secret.slice(-8)]) {
      const { structured } = await page([{ id: '11', output }], { match: word }, 'json')
      expect(structured.rows).toEqual([])
    }
    const { text } = await page([{ id: '11', output }], { match: 'here twice' })
    expect(text).toContain('2: password [masked-by-qualys-mcp] here\n3: [masked-by-qualys-mcp] twice\n')
    expect(text).not.toContain(secret.slice(0, 8))
  })

  test('in words that only meet after cleaning is found and shown', async () => {
    const { text } = await page([{ id: '11', output: 'x\nACC\u00adESS \u001b[1mde\u001b[0mnied\ny' }], {
      match: 'access denied',
    })
    expect(text).toContain('\n2: ACCESS denied\n')
  })
})

test('the lines of every row are those that a search line by line finds', async () => {
  const word = (seed: number): string => ['alpha', 'Beta', 'GAMMA', 'größe', 'ГОРОД'][seed % 5] ?? ''
  const many = Array.from({ length: 20 }, (_, host) => ({
    id: String(500 + host),
    output: Array.from(
      { length: 50 + host },
      (_, at) => `${at} ${word(at * at + host)} ${word(at + 3 * host)}`,
    ).join('\n'),
  }))
  for (const match of ['beta', 'GRÖSSE', 'город', 'alpha gamma']) {
    const words = match.toLowerCase().replace('ss', 'ß').split(' ')
    const { structured } = await page(many, { match, pageSize: 50 }, 'json', 100_000)
    let count = 0
    for (const row of structured.rows) {
      const output = many.find(({ id }) => id === row['id'])?.output ?? ''
      const held = output
        .split('\n')
        .map((line) => words.filter((one) => line.toLowerCase().includes(one)).length)
      const at = (wanted: (count: number) => boolean): string[] =>
        output
          .split('\n')
          .flatMap((line, index) => (wanted(held[index] ?? 0) ? [`${index + 1}: ${line}`] : []))
      const lines = [...at((held) => held === words.length), ...at((held) => held > 0 && held < words.length)]
      const shown = String(row['scriptResult']).split('\n')
      expect(shown).toEqual(lines.slice(0, shown.length))
      expect(row['scriptResult.matchedLines']).toBe(lines.length)
      count += shown.length
    }
    expect(count).toBeGreaterThan(100)
  }
})
