import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { ImportGraph, orderFor } from './judging/graph.ts'
import { Judge } from './judging/judge.ts'
import { layersOf } from './judging/layers.ts'
import { programs, transfer } from './judging/older-tests.ts'
import { Scratch } from './judging/scratch.ts'
import { pointsIn } from './points.ts'
import { outcomeOf, Results, tableOf } from './results.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

const check = (name: string, from: string, lines: string): string =>
  `import { expect, test } from 'vitest'\nimport { ${from} } from '../../src/${from}.ts'\ntest('${name}', () => {\n${lines}\n})\n`

/** A small project with the programs of this folder in it. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'vitest.config.ts': `
    const layer = (name: string) => ({ test: { name, include: [\`test/\${name}/*.test.ts\`], testTimeout: 1000, isolate: false } })
    export default { test: { projects: ['unit', 'integration', 'process'].map(layer) } }`,
  'src/big.ts': 'export const big = (size: number): boolean => size > 3\n',
  'src/sum.ts':
    'export function sum(to: number): number {\n  let all = 0\n  for (let at = 0; at !== to; at++) all += at\n  if (all < -5) return 0\n  return all\n}\n',
  'src/all.ts':
    "export { big } from './big.ts'\nexport { sum } from './sum.ts'\nimport type { Size } from './types.ts'\nexport const all = 1\n",
  'src/types.ts': 'export type Size = number\n',
  'test/unit/big.test.ts': check('is big', 'big', 'expect(big(9)).toBe(true)'),
  'test/unit/big-red.test.ts': check('is always red', 'big', 'expect(big(9)).toBe(0)'),
  'test/unit/sum-chance.test.ts': `
    import { existsSync, readFileSync, writeFileSync } from 'node:fs'
    import { test } from 'vitest'
    test('fails once', () => {
      if (existsSync('chance') || !readFileSync('src/sum.ts', 'utf8').includes('-6')) return
      writeFileSync('chance', '')
      throw new Error('by chance')
    })`,
  'test/unit/sum.test.ts': check('adds up', 'sum', 'expect(sum(4)).toBe(6)'),
  'test/integration/whole.test.ts': check('all', 'all', 'expect(all).toBe(1)'),
  'test/process/edge.test.ts': check('is not big', 'big', 'expect(big(3)).toBe(false)'),
}

const scratch = Scratch.of(repository, programs)
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(scratch.root, path)), { recursive: true })
  writeFileSync(join(scratch.root, path), text)
}
afterAll(() => scratch.remove())

const output: string[] = []
const layers = layersOf(scratch.root)
const judge = new Judge(scratch, layers, {
  atOnce: 1,
  limitMs: 300_000,
  patienceMs: 10_000,
  say: (line) => output.push(line),
})

function pointIn(path: string, after: string) {
  const point = pointsIn(path, files[path] ?? '').find((one) => one.after.includes(after))
  if (point === undefined) throw new Error(`nothing becomes ${after}`)
  return point
}

test('the tests are in the layers of the gate', () => {
  expect(layers.map(({ projects, tests }) => [projects, tests.length])).toEqual([
    [['unit', 'integration'], 5],
    [['process'], 1],
  ])
})

test('the tests that load a file come first, the closest before all others; types do not count', () => {
  const tests = layers.flatMap((layer) => layer.tests)
  const graph = new ImportGraph(scratch.root)
  expect(orderFor('src/sum.ts', tests, graph).slice(0, 2)).toEqual([
    'test/unit/sum.test.ts',
    'test/integration/whole.test.ts',
  ])
  expect([...graph.reach('test/integration/whole.test.ts').keys()]).not.toContain('src/types.ts')
})

test('a test that fails because of the mutation kills it, one that always fails does not', async () => {
  const verdict = await judge.judge('src/big.ts', pointIn('src/big.ts', 'size <= 3').edit)
  expect(verdict).toMatchObject({ verdict: 'killed', by: { file: 'test/unit/big.test.ts', test: 'is big' } })
  expect(output).toContain('test/unit/big-red.test.ts fails without any mutation: it is left out')
  expect(scratch.read('src/big.ts')).toBe(files['src/big.ts'])
})

test('a mutation that only a later layer detects is killed there', async () => {
  const verdict = await judge.judge('src/big.ts', pointIn('src/big.ts', 'size >= 3').edit)
  expect(verdict).toMatchObject({ verdict: 'killed', by: { file: 'test/process/edge.test.ts' } })
})

test('a mutation that no test detects survives, even if a test fails by chance', async () => {
  const verdict = await judge.judge('src/sum.ts', pointIn('src/sum.ts', 'all < -6').edit)
  expect(output).toContain(
    'test/unit/sum-chance.test.ts failed once and then passed alone: it counts as passed',
  )
  expect(verdict.verdict).toBe('survived')
})

test('an endless loop counts as detected by the file that hangs', async () => {
  const source = files['src/sum.ts'] ?? ''
  const start = source.indexOf('at++')
  const verdict = await judge.judge('src/sum.ts', { start, end: start + 4, text: 'at+0' })
  expect(verdict).toMatchObject({ verdict: 'hung', by: { file: 'test/unit/sum.test.ts' } })
})

test('a change is found again in other text that has the same lines once', () => {
  const source = files['src/sum.ts'] ?? ''
  const { edit } = pointIn('src/sum.ts', 'all < -6')
  const other = `// New.\n\n${source}`
  const moved = transfer(edit, source, other)
  expect(moved && other.slice(moved.start, moved.end)).toBe(source.slice(edit.start, edit.end))
  expect(moved?.start).toBe(edit.start + 9)
  expect(transfer(edit, source, source + source)).toBeUndefined()
  expect(transfer(edit, source, source.replace('let all', 'let sum'))).toBeUndefined()
})

test('results are stored, explained, and dropped where the source has changed', () => {
  const path = join(scratch.root, 'results.jsonl')
  const point = (after: string, number: number) => {
    const { edit: _, ...rest } = pointIn('src/sum.ts', after)
    return { ...rest, area: 'session', number }
  }
  const header = { seed: 3, shares: { session: 2 }, commit: 'abc' }
  const results = Results.start(path, header)
  results.add({ ...point('all < -6', 1), verdict: 'survived', seconds: 1 })
  const by = { file: 'a.test.ts', test: 'a | b' }
  results.add({ ...point('all <= -5', 2), verdict: 'killed', by, seconds: 2 })
  expect(() => results.explain(2, 'why')).toThrow('Mutation 2 is none that survived.')
  results.explain(1, 'no sum is negative')

  const loaded = Results.load(path)
  expect(loaded.header).toEqual(header)
  expect(loaded.all.map(outcomeOf)).toEqual(['equivalent: no sum is negative', 'killed by a.test.ts "a | b"'])
  expect(loaded.survivors).toEqual([])
  expect(tableOf(loaded)).toContain('killed by a.test.ts "a \\| b" |')

  const [, second] = loaded.all
  if (second) loaded.keep([{ ...second, number: 1, edit: { start: 0, end: 0, text: '' } }])
  expect(Results.load(path).all).toMatchObject([{ number: 1, key: second?.key, by }])
  rmSync(path)
  expect(() => Results.load(path)).toThrow('There are no results')
})
