import { describe, expect, test } from 'vitest'
import { type Part, shrinkPart } from '../../../src/tools/digest/lines/compared-part.ts'
import { outputLines } from '../../../src/tools/digest/lines/output-lines.ts'
import { drawOf } from '../../support/outputs/draw.ts'

const whole = (lines: readonly string[]): Part => ({ lines, headCount: undefined, rest: undefined })

const record = (fields: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: fields }, (_, at) => [`field${at}`, `value ${at}`])))

const lineLengths = drawOf(17, 'lengths')

const short = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`)

describe('what is compared is the same, whether an output is cut at once or in steps', () => {
  test.each<[what: string, lines: readonly string[]]>([
    ['many short lines', short(20_000)],
    ['one long line', ['x1'.repeat(40_000)]],
    ['a long line first', ['x1'.repeat(40_000), ...short(100)]],
    ['a long line last', [...short(100), 'x1'.repeat(40_000)]],
    ['a long line in the middle', [...short(3_000), 'x'.repeat(30_000), ...short(3_000)]],
    ['a record of many fields', outputLines(record(2_000), undefined)],
    ['lines of all lengths', lineLengths.times(400, () => 'y'.repeat(lineLengths.below(900)))],
    ['no line', []],
  ])('%s', (_what, lines) => {
    for (const rest of [undefined, 5]) {
      let inSteps: Part = { ...whole(lines), rest }
      for (let halvings = 1; halvings <= 6; halvings++) {
        inSteps = shrinkPart(inSteps, halvings)
        expect(inSteps).toEqual(shrinkPart({ ...whole(lines), rest }, halvings))
      }
    }
  })

  test('a long line is clipped, and another end of it is another rest', () => {
    const [one, other] = ['a', 'b'].map((end) => shrinkPart(whole(['x'.repeat(80_000) + end]), 6))
    expect(one?.lines).toEqual(['x'.repeat(1_024)])
    expect(one?.rest).not.toBe(other?.rest)
  })

  test('a record stays one', () => {
    const [line = ''] = shrinkPart(whole(outputLines(record(2_000), undefined)), 6).lines
    expect(JSON.parse(line.slice(1)).length).toBeGreaterThan(10)
  })
})
