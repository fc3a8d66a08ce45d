import { describe, expect, test } from 'vitest'
import { checkEncoded } from '../../support/outputs/check-encoded.ts'
import { encodings } from '../../support/outputs/encoded.ts'
import { outputReply } from '../../support/workflows/printed.ts'

// Lines found, and lines of the end, in outputs as large as they come.

describe('an output of 5 MB', () => {
  test.each(encodings)('in $name', async (encoding) => {
    for (const end of ['\n', '\r\n', '\r']) await checkEncoded(encoding, end, 76)
  })

  test('5 MB in one line end with its last characters', async () => {
    const printed = `${'ab🔒e\u0301'.repeat(800_000)}end`
    const { structured } = await outputReply(printed, { fromEnd: 1 })
    const [row] = structured.rows
    const output = String(row?.['output'])
    expect(printed.endsWith(output)).toBe(true)
    expect(output).toMatch(/^[ab🔒e]/u)
    expect(output.length).toBeGreaterThan(15_000)
    expect(structured.summary).toMatch(
      /; line 1 of 1, the first one in part, characters [\d,]+-4,800,003 of 4,800,003$/,
    )
    expect(row).toMatchObject({ lines: 1, firstLine: 1 })
  })

  test('2 million lines of one letter have their numbers', async () => {
    const printed = `${'a\n'.repeat(1_999_990)}${'b\n'.repeat(10)}`
    const { structured } = await outputReply(printed, { fromEnd: 11 })
    expect(structured.rows[0]).toMatchObject({
      output: `a\n${'b\n'.repeat(10)}`,
      firstLine: 1_999_990,
      lines: 2_000_000,
    })
    expect(structured.summary).toContain('; lines 1,999,990-2,000,000 of 2,000,000, ')
  })

  test('2 million lines, of which the last are asked for with find', async () => {
    const printed = 'ab\n'.repeat(1_700_000)
    const { structured } = await outputReply(printed, { find: 'AB', fromEnd: 1_000_000 })
    const shown = structured.rows[0]?.['shown'] as number[]
    expect(structured.rows[0]).toMatchObject({
      matches: 1_000_000,
      lines: 1_700_000,
      before: { offset: 2_100_000 },
    })
    expect(shown.at(-1)).toBe(1_700_000)
    expect(shown.length).toBeGreaterThan(500)
  })
})
