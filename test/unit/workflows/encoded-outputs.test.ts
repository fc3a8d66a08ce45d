import { describe, expect, test } from 'vitest'
import { checkEncoded } from '../../support/outputs/check-encoded.ts'
import { encodings } from '../../support/outputs/encoded.ts'
import { outputReply } from '../../support/workflows/printed.ts'

// Lines found, and lines of the end, in every encoding and at every cut of the decoder. The lines are those that were
// written: nothing of the program cuts them. test/nightly/outputs has the same in outputs of 5 MB.

describe('an output of some slices', () => {
  test.each(encodings)('in $name', async (encoding) => {
    for (const end of ['\n', '\r\n', '\r']) await checkEncoded(encoding, end, 4)
  })
})

test('a long line ends with its last characters', async () => {
  const printed = `${'ab🔒e\u0301'.repeat(30_000)}end`
  const { structured } = await outputReply(printed, { fromEnd: 1 })
  const [row] = structured.rows
  const output = String(row?.['output'])
  expect(printed.endsWith(output)).toBe(true)
  expect(output).toMatch(/^[ab🔒e]/u)
  expect(output.length).toBeGreaterThan(15_000)
  expect(structured.summary).toMatch(
    /; line 1 of 1, the first one in part, characters [\d,]+-180,003 of 180,003$/,
  )
  expect(row).toMatchObject({ lines: 1, firstLine: 1 })
})
