import { expect } from 'vitest'
import { outputReply } from '../workflows/printed.ts'
import { cutEverywhere, type Encoding } from './encoded.ts'

/** Checks what car_get_output finds, and shows of the end, in an output of so many slices. */
export async function checkEncoded(encoding: Encoding, lineEnd: string, slices: number): Promise<void> {
  const { bytes, lines } = cutEverywhere(encoding, slices, lineEnd)
  expect(bytes.length).toBeGreaterThan(slices * 65_000)
  const numbers = lines.flatMap((line, at) => (line.includes('Needle') ? [at + 1] : []))
  expect(numbers).toHaveLength(slices)

  const find = { find: 'needle', fromEnd: lines.length - (numbers[0] ?? 0) + 1 }
  const { structured } = await outputReply(bytes, find, 'json', { QUALYS_REPLY_CHARS: '60000' })
  const [found] = structured.rows
  expect(found).toMatchObject({ lines: lines.length, matches: slices, shown: numbers })
  const shown = [...String(found?.['output']).matchAll(/^(\d+): (.*)$/gm)]
  expect(shown.map(([, number, text]) => [Number(number), text])).toEqual(
    numbers.map((number) => [number, lines[number - 1]]),
  )

  const [tail] = (await outputReply(bytes, { fromEnd: 150 })).structured.rows
  expect(String(tail?.['output']).trimEnd().split('\n')).toEqual(lines.slice(-150))
  expect(tail).toMatchObject({ lines: lines.length, firstLine: lines.length - 149 })
}
