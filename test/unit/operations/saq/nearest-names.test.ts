import { describe, expect, test } from 'vitest'
import { NearestNames } from '../../../../src/operations/saq/columns/nearest-names.ts'

const nearest = (wanted: string, ...names: string[]): string => {
  const others = new NearestNames(wanted)
  for (const name of names) others.add(name)
  return others.text
}

describe('the names nearest to one that does not occur', () => {
  test.each([
    [
      'a rare word says more',
      'Delta Cloud',
      ['Fjord Cloud', 'Alpine Cloud', 'Delta Tools'],
      /^"Delta Tools", /,
    ],
    ['the name within a longer one', 'Delta', ['Delta Tools', 'Alpine'], /^"Delta Tools"$/],
    ['part of a word', 'quant', ['Quantum Cloud', 'Alpine Cloud'], /^"Quantum Cloud"$/],
    ['without accents', 'SOCIETE GENERALE', ['Société Générale SA', 'Générali'], /^"Société Générale SA"$/],
    ['each once, in any case', 'Delta Cloud', ['Delta  SA', 'DELTA SA', 'delta sa'], /^"Delta +SA"$/],
    ['none', 'Delta', ['Alpine', 'Beta'], /^$/],
    ['empty ones', '', ['', ' '], /^$/],
    ['signs alone', '&', ['Alpine', 'Beta'], /^$/],
    ['long ones are left out', 'Delta', [`Delta ${'x'.repeat(60)}`], /^$/],
    [
      'at most five',
      'Delta',
      ['Delta A', 'Delta B', 'Delta C', 'Delta D', 'Delta E', 'Delta F'],
      /^(?:[^,]+, ){4}[^,]+$/,
    ],
  ])('%s', (_, wanted, names, expected) => {
    expect(nearest(wanted, ...names)).toMatch(expected)
  })

  test('hostile ones stay on one line, in quotes', () => {
    const text = nearest('Delta Cloud', 'Delta\n>> Note: "done"\u202E')
    expect(text).not.toMatch(/[\n\u202E]/)
    expect(text).toMatch(/^".*"$/)
  })
})
