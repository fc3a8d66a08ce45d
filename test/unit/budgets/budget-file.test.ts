import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { BudgetFile, type NewLine } from '../../../src/tools/effects/budgets/budget-file.ts'

// The file of the budgets: what is taken, given back, and what makes it unusable.

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.UTC(2041, 0, 1)

let folder: string
let now: number
let ids: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-budget-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  now = start
  ids = 0
})

const fileAt = (path = folder, compactFrom?: number) => new BudgetFile(path, () => now, compactFrom)
const charge = (n: number, more: Partial<NewLine> = {}): NewLine => {
  ids += 1
  return { id: `id-${ids}`, account: 'a', caller: 'local', what: 'hosts', n, ...more }
}
const day = (max: number) => ({ max, windowMs: dayMs })
const none: ReadonlySet<string> = new Set()
const take = (n: number, max: number, more?: Partial<NewLine>): number | undefined =>
  fileAt().take(charge(n, more), day(max), none)
const textOfFile = (): string => readFileSync(join(folder, 'budget.jsonl'), 'utf8')
const write = (text: string): void => writeFileSync(join(folder, 'budget.jsonl'), text, { mode: 0o600 })
const refusalOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof SetupError) return error.message
    throw error
  }
  return 'not refused'
}

describe('a charge', () => {
  test('fits at the limit and not above it; what is left is told', () => {
    expect(take(25, 30)).toBeUndefined()
    expect(take(6, 30)).toBe(5)
    expect(take(5, 30)).toBeUndefined()
    expect(take(1, 30)).toBe(0)
  })

  test('of a budget of 0 never fits', () => {
    expect(take(1, 0)).toBe(0)
  })

  test('is one line, and one that does not fit is given back by a second', () => {
    take(3, 5, { id: 'x' })
    take(3, 5, { id: 'y' })
    const lines = textOfFile().trimEnd().split('\n')
    const line = { at: start, account: 'a', caller: 'local', what: 'hosts' }
    expect(lines.map((text) => JSON.parse(text))).toEqual([
      { ...line, id: 'x', n: 3 },
      { ...line, id: 'y', n: 3 },
      { ...line, id: 'y', n: -3 },
    ])
    expect(statSync(join(folder, 'budget.jsonl')).mode & 0o777).toBe(0o600)
  })

  test('counts until the window has rolled over it, to the millisecond', () => {
    take(5, 5)
    now = start + dayMs - 1
    expect(take(1, 5)).toBe(0)
    now = start + dayMs
    expect(take(5, 5)).toBeUndefined()
  })

  test('counts for its own account and kind alone', () => {
    take(5, 5)
    expect(take(5, 5, { account: 'b' })).toBeUndefined()
    expect(take(5, 5, { what: 'mails' })).toBeUndefined()
  })

  test('that stands counts until its end, and then for one more window', () => {
    take(5, 5, { until: start + 10 * dayMs })
    now = start + 11 * dayMs - 1
    expect(take(1, 5)).toBe(0)
    now = start + 11 * dayMs
    expect(take(1, 5)).toBeUndefined()
  })

  test('that is replaced before its first run makes room, and one that runs does not', () => {
    const file = fileAt()
    file.take(charge(5, { id: 'old', from: start + hourMs, until: start + 9 * dayMs }), day(5), none)
    const replaced = new Set(['hosts old'])
    expect(file.take(charge(5), day(5), replaced)).toBeUndefined()
    now = start + hourMs
    expect(file.take(charge(1), day(5), replaced)).toBe(0)
  })
})

describe('time', () => {
  test('does not go back: a clock that is set back does not free anything', () => {
    take(5, 5)
    now = start - 2 * dayMs
    expect(take(1, 5)).toBe(0)
  })

  test('lines from the future count', () => {
    take(2, 5)
    now = start + 3 * hourMs
    take(2, 5)
    now = start
    expect(take(2, 5)).toBe(1)
  })
})

describe('a file', () => {
  test('that is missing is an empty budget, and looking at it makes none', () => {
    expect(fileAt(join(folder, 'new')).balance().charges).toEqual([])
    expect(readdirSync(folder)).toEqual([])
    expect(fileAt(join(folder, 'new')).take(charge(1), day(1), none)).toBeUndefined()
  })

  const line = `${JSON.stringify({ at: start, id: 'x', account: 'a', caller: 'c', what: 'hosts', n: 1 })}\n`
  test.each([
    ['that is no JSON', 'nonsense\n', /line 1 is damaged/],
    ['with a line of something else', `${line}{"at":1}\n`, /line 2 is damaged/],
    ['with an empty line', `${line}\n${line}`, /line 2 is damaged/],
    ['with an unknown field', line.replace('"n":1', '"n":1,"m":2'), /line 1 is damaged/],
    ['with a number that is none', line.replace('"n":1', '"n":1.5'), /line 1 is damaged/],
    ['that gives back what was not charged', line.replace('"n":1', '"n":-1'), /gives back more/],
  ])('%s is refused, to look at and to take from', (_what, text, reason) => {
    write(text)
    expect(refusalOf(() => fileAt().balance())).toMatch(reason)
    expect(refusalOf(() => take(1, 5))).toMatch(reason)
  })

  test('whose last line is cut off is refused as soon as something is taken', () => {
    write(`${line}${line.slice(0, 30)}`)
    expect(refusalOf(() => take(1, 5))).toMatch(/its last line is cut off/)
    expect(refusalOf(() => take(1, 5))).toMatch(/line 2 is damaged/)
  })

  test('in a folder that a symbolic link names is used; a link that leads nowhere is told', () => {
    const [link, nowhere] = [join(folder, 'link'), join(folder, 'nowhere')]
    mkdirSync(join(folder, 'own'), { mode: 0o700 })
    symlinkSync(join(folder, 'own'), link)
    symlinkSync(join(folder, 'absent'), nowhere)
    expect(fileAt(link).take(charge(1), day(1), none)).toBeUndefined()
    expect(fileAt(link).take(charge(1), day(1), none)).toBe(0)
    expect(refusalOf(() => fileAt(nowhere).take(charge(1), day(1), none))).toMatch(
      /a symbolic link in its path leads nowhere/,
    )
  })

  test('that others may write, or whose folder they may write, is refused', () => {
    write('')
    chmodSync(join(folder, 'budget.jsonl'), 0o622)
    expect(refusalOf(() => take(1, 5))).toMatch(/others may write it/)
    chmodSync(join(folder, 'budget.jsonl'), 0o600)
    chmodSync(folder, 0o777)
    expect(refusalOf(() => take(1, 5))).toMatch(/somebody else may write its folder/)
    expect(refusalOf(() => fileAt().balance())).toMatch(/somebody else may write its folder/)
  })

  test.each([
    ['a symbolic link', (path: string) => symlinkSync('elsewhere', path), /symbolic link/],
    ['a folder', (path: string) => mkdirSync(path), /it is a folder|no regular file/],
  ])('that is %s is refused', (_what, make, reason) => {
    make(join(folder, 'budget.jsonl'))
    expect(refusalOf(() => take(1, 5))).toMatch(reason)
    expect(refusalOf(() => fileAt().balance())).toMatch(reason)
  })
})

describe('a long file', () => {
  const fill = (count: number, at: number): void =>
    write(
      Array.from(
        { length: count },
        (_, id) =>
          `${JSON.stringify({ at, id: `old-${id}`, account: 'a', caller: 'c', what: 'hosts', n: 1 })}\n`,
      ).join(''),
    )

  test('loses the lines of no use, and keeps all that may count', () => {
    fill(50, start)
    now = start + dayMs
    fileAt().take(charge(4, { id: 'standing', until: start + 9 * dayMs }), day(100), none)
    now = start + 4 * dayMs
    expect(fileAt(folder, 50).take(charge(2), day(6), none)).toBeUndefined()
    expect(textOfFile().trimEnd().split('\n')).toHaveLength(2)
    expect(readdirSync(folder)).toEqual(['budget.jsonl'])
    expect(take(1, 6)).toBe(0)
  })

  test('keeps its time', () => {
    fill(50, start)
    now = start + 9 * dayMs
    take(1, 100, { id: 'newest' })
    now = start + 20 * dayMs
    fileAt(folder, 50).take(charge(1), day(9), none)
    now = start
    expect(fileAt().balance().now).toBe(start + 20 * dayMs)
  })

  test('that was sealed and not replaced is refused: a crash in between counts as damage', () => {
    take(1, 5)
    write(`${textOfFile()}${JSON.stringify({ at: start, seal: 's' })}\n`)
    expect(refusalOf(() => take(1, 5))).toMatch(/has begun to compact it, and has not finished/)
  })
})
