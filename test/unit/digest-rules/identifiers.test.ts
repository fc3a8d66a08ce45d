import { expect, test } from 'vitest'
import { lengthOfHex } from '../../../src/tools/digest/places/value-class.ts'
import { digestOf, hostsOf } from '../../support/outputs/digest.ts'
import { drawOf } from '../../support/outputs/draw.ts'

// Parts of hashes are made for one host, and may hold digits or letters alone.

test('short hexadecimal values are folded, also those of digits or of letters alone', async () => {
  const draw = drawOf(17, 'serials')
  const serials = ['12345678', 'abcdefab', '9017e298', ...draw.times(197, () => draw.hex(8))]
  const [kind, ...others] = await digestOf(hostsOf(200, (index) => `serial ${serials[index]}`))
  expect(others).toEqual([])
  expect(kind?.results).toEqual([])
  expect(kind?.varying.map(({ place, values }) => [place, values])).toEqual([['serial', 200]])
})

test.each<[what: string, values: readonly string[], length: number | undefined]>([
  ['parts of hashes', ['0a1b2c3', '1234567', 'f00ba12'], 7],
  ['numbers', ['1234567', '2345678', '3456789'], undefined],
  ['words', ['defaced', 'effaced', 'acceded'], undefined],
  ['values of several lengths', ['0a1b2c3', '0a1b2c3d4', '1a'], undefined],
  ['no value', [], undefined],
])('%s', (_what, values, length) => {
  expect(lengthOfHex(values)).toBe(length)
})

test('where most hosts print other lines, no order of them is odd', async () => {
  const draw = drawOf(17, 'packages')
  const packages = draw.times(30, () => `pkg-${draw.of(['red', 'blue', 'green', 'gold'])}${draw.below(99)}`)
  const kinds = await digestOf(
    hostsOf(60, (index) => drawOf(index, 'order').shuffled(packages).slice(0, 24).join('\n')),
  )
  expect(kinds.flatMap(({ lines }) => lines).filter(({ line }) => line.includes('another order'))).toEqual([])
})
