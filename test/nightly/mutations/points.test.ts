import { expect, test } from 'vitest'
import { parses } from './kinds/syntax.ts'
import { type Kind, mutate, pointsIn } from './points.ts'

/** The results of every mutation of a kind on a source. */
function mutants(kind: Kind, source: string): string[] {
  const found = pointsIn('some.ts', source).filter((point) => point.kind === kind)
  return found.map(({ edit }) => mutate(source, edit))
}

test.each<[Kind, string, string[]]>([
  ['comparison', 'const a = b < c', ['const a = b >= c']],
  ['comparison', 'const a = b >= c', ['const a = b < c']],
  ['comparison', 'const a = b > c', ['const a = b <= c']],
  ['comparison', 'const a = b <= c', ['const a = b > c']],
  ['comparison', "if (kind === '<') a()", ["if (kind !== '<') a()"]],
  ['comparison', 'const a = b !== c', ['const a = b === c']],
  ['comparison', "const a = 'b' in c", ["const a = !('b' in c)"]],
  ['comparison', 'const a = b instanceof C && d', ['const a = !(b instanceof C) && d']],
  ['comparison', 'const a = b + c', []],
  ['condition', 'if (a) b()', ['if (!(a)) b()']],
  ['condition', 'if (!a) b()', ['if (a) b()']],
  ['condition', 'if (!(a && b)) c()', ['if ((a && b)) c()', 'if (!(!(a) && b)) c()']],
  ['condition', 'if (a < b) c()', []],
  [
    'condition',
    'if (a && b.c(d)) e()',
    ['if (!(a) && b.c(d)) e()', 'if (!(a && b.c(d))) e()', 'if (a && !(b.c(d))) e()'],
  ],
  ['condition', 'const a = b ? 1 : 2', ['const a = !(b) ? 1 : 2']],
  ['condition', 'const a = b && c', ['const a = !(b) && c']],
  ['condition', 'const a = b ?? c', []],
  ['condition', 'while (more) a()', ['while (!(more)) a()']],
  ['condition', 'const a = !!b', ['const a = !b']],
  ['condition', 'const a = b.filter((c) => isGood(c))', ['const a = b.filter((c) => !(isGood(c)))']],
  ['condition', 'const a = b.map((c) => isGood(c))', []],
  ['bound', 'if (a < 7) b()', ['if (a <= 7) b()', 'if (a < 8) b()', 'if (a < 6) b()']],
  ['bound', 'const a = b >= c', ['const a = b > c']],
  ['bound', 'const most = 10_000', ['const most = 10_001', 'const most = 9_999']],
  ['bound', 'const most = 0x7f', ['const most = 0x80', 'const most = 0x7e']],
  ['bound', 'const a = b.slice(-20)', ['const a = b.slice(-21)', 'const a = b.slice(-19)']],
  ['bound', 'const a = b.length === 0', ['const a = b.length === 1']],
  ['bound', 'const f = (top = 5) => top', ['const f = (top = 6) => top', 'const f = (top = 4) => top']],
  ['bound', 'const a = { most: 1 }', ['const a = { most: 2 }', 'const a = { most: 0 }']],
  ['bound', 'const waitMs = 500; setTimeout(a, 500); const b = { mode: 0o600 }', []],
  ['bound', 'const a = b[0]; const c = 60 * 1000; const d = e.toString(16)', []],
  ['call', 'a.b(c)', ['{}']],
  ['call', 'async () => { await a() }', ['async () => { {} }']],
  ['call', 'if (a) b?.c()', ['if (a) {}']],
  ['call', 'const a = b(); c = d()', []],
  ['call', 'class A extends B { constructor() { super() } }', []],
  ['guard', 'function a() { if (b) return c; d = 1 }', ['function a() { {} d = 1 }']],
  ['guard', 'function a() { if (b) { e = 1; throw c } }', ['function a() { {} }']],
  ['guard', 'for (const a of b) { if (a) continue }', ['for (const a of b) { {} }']],
  ['guard', 'function a() { if (b) return c; else return d }', []],
  ['guard', 'if (a) b = 1', []],
])('%s: %s', (kind, source, expected) => {
  const found = mutants(kind, source)
  expect(found.toSorted()).toEqual(expected.toSorted())
  for (const mutant of found) expect(parses('some.ts', mutant), mutant).toBe(true)
})

test('types, comments and texts are not mutated', () => {
  const source = [
    '// if (a < 3) return b()',
    'type A<T> = T extends 1 ? 2 : 3',
    'interface B { readonly c: 4; d(): void }',
    "const e = 'f < 5 && g()' as 'f' | 6",
    `const h = \`if (i > 7) return \${j}\``,
    'const k = /l{8}/',
    'declare function m(n: 9): n is 10',
  ].join('\n')
  expect(pointsIn('some.ts', source)).toEqual([])
})

test('code inside a type assertion and inside a template is mutated', () => {
  const found = pointsIn('some.ts', `const a = \`\${(b > c) as boolean} \${d!.e === f}\``)
  expect(found.map(({ kind }) => kind)).toEqual(['comparison', 'bound', 'comparison'])
})

test('a point names its line and shows it before and after', () => {
  const [point] = pointsIn('some.ts', "// é😀\n\n  if (a === 'é😀') b = 1\n")
  expect(point).toMatchObject({
    line: 3,
    before: "if (a === 'é😀') b = 1",
    after: "if (a !== 'é😀') b = 1",
  })
})

test('the same change of equal lines has different keys', () => {
  const keys = pointsIn('some.ts', 'a()\na()\na()').map(({ key }) => key)
  expect(new Set(keys).size).toBe(3)
})
