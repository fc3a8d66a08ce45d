import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { safeText } from '../../../src/shared/safe-text.ts'
import { mask, type Redact, redactor, Secret } from '../../../src/shared/secrets.ts'
import { matchedLines } from '../../../src/tools/rows/matched-lines.ts'
import { wordsOf } from '../../../src/tools/rows/searched-text.ts'
import { wordPlace } from '../../../src/tools/rows/word-place.ts'

// The lines of an output that hold words of match.

interface Search {
  readonly redact?: Redact
  readonly max?: number
  readonly budget?: number
}

async function linesOf(
  text: string,
  match: string,
  { redact = (t) => t, max = 24_000, budget = 24_000 }: Search = {},
) {
  const { signal } = new AbortController()
  const search = { words: wordsOf(match), match, redact, budget, signal }
  const excerpt = await matchedLines(redact(text), search)
  if (excerpt === undefined) return undefined
  return { label: excerpt.label, facts: excerpt.facts, ...excerpt.show(max) }
}

/** A text in the form in which words are compared, in the plainest way. */
const folded = (text: string): string =>
  text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').replaceAll('i\u0307', 'i')

interface Expected {
  readonly all: readonly number[]
  readonly some: readonly number[]
}

/** The numbers of the lines that hold all words, and those that hold some, counted one by one. */
function countedIn(text: string, match: string): Expected {
  const words = [...new Set(match.split(' ').map(folded))]
  const held = text.split('\n').map((line) => words.filter((word) => folded(line).includes(word)).length)
  const numbers = (test: (count: number) => boolean): number[] =>
    held.flatMap((count, at) => (test(count) ? [at + 1] : []))
  return {
    all: numbers((count) => count === words.length),
    some: numbers((count) => count > 0 && count < words.length),
  }
}

const numbersIn = (text: string): number[] =>
  [...text.matchAll(/^(\d+): /gm)].map(([, number]) => Number(number))

describe('one word', () => {
  test('shows its lines with their numbers, and says so', async () => {
    expect(await linesOf('one\nAccess denied\nthree\naccess\n', 'ACCESS')).toEqual({
      label: 'lines that hold "ACCESS" (2 of 4 lines)',
      facts: { lines: 4, matchedLines: 2 },
      text: '2: Access denied\n4: access',
      isCut: false,
    })
  })

  test('that is nowhere shows nothing', async () => {
    expect(await linesOf('one\ntwo', 'three')).toBeUndefined()
    expect(await linesOf('', 'three')).toBeUndefined()
    // A word of match holds no blank, and no line is read across its end.
    expect(await linesOf('thr\nee', 'three')).toBeUndefined()
  })

  test.each([
    ['strasse', 'Straße 7'],
    ['STRASSE', 'straße'],
    ['οδος', 'ΟΔΟΣ'],
    ['istanbul', 'İSTANBUL'],
    ['server', 'ＳＥＲＶＥＲ'],
    ['office', 'oﬃce'],
    ['prüfung', 'Pru\u0308fung'],
    ['access', 'Acc\u200bess'],
    ['access', 'Ac\u001b[31mcess\u001b[0m'],
    ['access', 'a\rACCESS\r\n'],
  ])('%j is in %j', async (match, line) => {
    const found = await linesOf(`x\n${line}\nx`, match)
    expect(found?.facts).toMatchObject({ matchedLines: 1 })
  })

  test.each([
    ['prufung', 'Prüfung'],
    ['cafe', 'cafe\u0301'],
  ])('%j is not in %j', async (match, line) => expect(await linesOf(line, match)).toBeUndefined())
})

describe('several words', () => {
  test('show the lines with all of them first', async () => {
    expect(await linesOf('denied\nok\naccess denied\naccess\n', 'access denied')).toEqual({
      label: 'lines that hold a word of "access denied" (3 of 4 lines; 1 with all, shown first)',
      facts: { lines: 4, matchedLines: 3 },
      text: '3: access denied\n1: denied\n4: access',
      isCut: false,
    })
  })

  test.each([
    ['access denied\ndenied access', 'lines that hold all words of "access denied" (2 of 2 lines)'],
    ['access\ndenied', 'lines that hold a word of "access denied" (2 of 2 lines)'],
  ])('%j: %s', async (text, label) => {
    expect((await linesOf(text, 'access denied'))?.label).toBe(label)
  })
})

describe('what does not fit', () => {
  test('is counted', async () => {
    const found = await linesOf('needle and more\n'.repeat(5_000), 'needle', { max: 2_000 })
    expect(found?.text.length).toBeLessThanOrEqual(2_000)
    const shown = numbersIn(found?.text ?? '')
    expect(shown).toEqual(Array.from(shown, (_, at) => at + 1))
    expect(found).toMatchObject({
      isCut: true,
      rest: `${(5_000 - shown.length).toLocaleString('en')} more lines`,
    })
  })

  test.each(['hay '.repeat(100_000), 'heu é '.repeat(100_000), 'x'.repeat(500_000), 'é'.repeat(500_000)])(
    'of a line is cut around the word (%#)',
    async (hay) => {
      for (const word of ['Needle', 'Nädel', 'nE\u0301edle', 'ＮＥＥＤＬＥ', 'ﬃn']) {
        const found = await linesOf(`${hay}${word}${hay}`, word, { max: 400 })
        expect(found?.text).toContain(word)
        expect(found?.text).toMatch(/^1: ….*…$/u)
        expect(found?.text.length).toBeLessThan(330)
        expect(found?.isCut).toBe(true)
      }
    },
  )

  test('leaves at least a line in the smallest room', async () => {
    const found = await linesOf(`${'x'.repeat(900)}needle${'y'.repeat(900)}\nneedle`, 'needle', { max: 160 })
    expect(found?.text).toContain('needle')
    expect(found?.text.length).toBeLessThanOrEqual(160)
  })
})

describe('a secret', () => {
  const { redact } = redactor([new Secret('tr0ub4dor-and-3')])

  test('is no word, however it is split', async () => {
    for (const text of ['a tr0ub4dor-and-3 b', 'a tr0ub4\u200bdor-and-3 b', 'a tr0\u001b[1mub4dor-and-3 b'])
      for (const match of ['tr0ub4', 'tr0ub4dor-and-3', 'dor']) {
        expect(await linesOf(text, match, { redact })).toBeUndefined()
        const found = await linesOf(`x\n${text}`, `a ${match}`, { redact })
        expect(found?.text).toBe(`2: a ${mask} b`)
        expect(found?.label).not.toContain('tr0ub4dor-and-3')
      }
  })

  test('leaves its mask, which is not cut', async () => {
    const line = `${'x '.repeat(200)}tr0ub4dor-and-3${' y'.repeat(200)}`
    for (let at = 0; at < 60; at += 7) {
      const found = await linesOf(`${'z'.repeat(at)}${line}`, 'masked', { redact })
      expect(found?.text).toContain(mask)
      expect(found?.text.replaceAll(mask, '')).not.toMatch(/mask|qualys|mcp\]/)
    }
  })
})

describe('against a count line by line', () => {
  const letters = fc.constantFrom(
    ...[
      'a',
      'B',
      'ab',
      'é',
      'e\u0301',
      'É',
      ' ',
      'ß',
      'SS',
      'ﬁ',
      'ς',
      'Σ',
      '한',
      '\u1112\u1161\u11ab',
      '🔒',
      '\t',
      'İ',
    ],
    ...['<<', 'x'.repeat(120), 'ü'.repeat(90), 'ab '.repeat(60)],
  )
  const line = fc.array(letters, { maxLength: 30 }).map((parts) => parts.join(''))
  const output = fc.array(line, { minLength: 1, maxLength: 60 }).map((lines) => lines.join('\n'))
  const match = fc.constantFrom(
    'ab',
    'AB',
    'éa',
    'É',
    'ss',
    'fi',
    'σ',
    '한',
    '🔒',
    'i',
    'xx',
    'ab é',
    'ss σ ab',
    'a b x',
  )

  test('the same lines are shown, and each holds a word', async () => {
    await fc.assert(
      fc.asyncProperty(output, match, fc.constantFrom(160, 2_000, 24_000), async (text, match, max) => {
        const { all, some } = countedIn(safeText(text), match)
        const found = await linesOf(text, match, { max })
        const order = [...all, ...some]
        expect(found === undefined).toBe(order.length === 0)
        if (found === undefined) return
        expect(found.facts['matchedLines']).toBe(order.length)
        const numbers = numbersIn(found.text)
        expect(numbers).toEqual(order.slice(0, numbers.length))
        expect(numbers.length).toBeGreaterThan(0)
        const words = wordsOf(match)
        for (const line of found.text.split('\n'))
          expect(words.some((word) => folded(line.replace(/^\d+: /, '')).includes(word))).toBe(true)
        expect(found.isCut || numbers.length === order.length).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('the place of a word is a stretch that holds it', () => {
    fc.assert(
      fc.property(line, match, (line, match) => {
        for (const word of wordsOf(match)) {
          const place = wordPlace(line, word)
          expect(place !== undefined).toBe(folded(line).includes(word))
          if (place) expect(folded(line.slice(...place))).toContain(word)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('an output of 5 MB', () => {
  afterEach(() => void vi.restoreAllMocks())

  test.each(['access\n'.repeat(700_000), 'é\n'.repeat(1_700_000), `${'ab'.repeat(1_500_000)}access`])(
    'leaves other work its turn (%#)',
    async (text) => {
      // Each part of the search takes a second.
      let now = 0
      vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000))
      let [turns, isDone] = [0, false]
      const turn = (): void => {
        turns++
        if (!isDone) setImmediate(turn)
      }
      setImmediate(turn)
      const found = await linesOf(text, 'access É')
      isDone = true
      expect(found?.text.length).toBeLessThanOrEqual(24_000)
      expect(turns).toBeGreaterThan(text.includes('\n') ? 15 : 0)
    },
    20_000,
  )
})
