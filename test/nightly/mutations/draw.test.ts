import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import { areaOf, areas, patternOf } from './areas.ts'
import { drawFrom, drawMutations, pointsByArea, sharesOf } from './draw.ts'
import { filesOf } from './judging/scratch.ts'
import { kinds, mutate, pointsIn } from './points.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const paths = filesOf(repository, 'src')
const points = pointsByArea(repository, paths)
const names = areas.map(({ name }) => name)
const ten = sharesOf(names, { each: 10 }, 1)

test('every pattern of an area matches a file', () => {
  for (const { files } of areas)
    for (const glob of files)
      expect(
        paths.some((path) => patternOf(glob).test(path)),
        glob,
      ).toBe(true)
})

test('the more specific area applies, and the sandbox has none', () => {
  expect(areaOf('src/shared/json.ts')).toBe('shared')
  expect(areaOf('src/session/some/other.ts')).toBe('session')
  expect(areaOf('src/tools/effects/policy/limits/scripts.ts')).toBe('limits')
  expect(areaOf('src/tools/effects/perform.ts')).toBe('effects')
  expect(areaOf('src/sandbox/server/login.ts')).toBeUndefined()
  expect(areaOf('src/tools/server/tool-manifest.json')).toBeUndefined()
})

test('every area has each kind of mutation', () => {
  for (const name of names)
    for (const kind of kinds)
      expect(
        points.get(name)?.filter((point) => point.kind === kind).length,
        `${name} ${kind}`,
      ).toBeGreaterThan(1)
})

test('a seed always yields the same mutations, and another seed others', () => {
  const keys = (seed: number): string[] => drawMutations(points, ten, seed).map(({ key }) => key)
  expect(keys(1)).toEqual(keys(1))
  expect(keys(1)).not.toEqual(keys(2))
})

test('ten are drawn of each area: two of each kind, none twice, each on a line of its own', () => {
  const drawn = drawMutations(points, ten, 7)
  expect(drawn.map(({ number }) => number)).toEqual(
    Array.from({ length: 10 * names.length }, (_, at) => at + 1),
  )
  expect(new Set(drawn.map(({ file, line }) => `${file}:${line}`)).size).toBe(drawn.length)
  for (const name of names)
    for (const kind of kinds)
      expect(drawn.filter(({ area, kind: other }) => area === name && other === kind).length).toBe(2)
})

test('every drawn mutant parses, and differs from the source on the shown line only', () => {
  for (const seed of [1, 2, 3]) {
    for (const { file, edit, before, after } of drawMutations(points, ten, seed)) {
      const source = readFileSync(join(repository, file), 'utf8')
      const mutant = mutate(source, edit)
      expect(() => transformSync(mutant, { loader: 'ts' }), `${file}: ${after}`).not.toThrow()
      expect(mutant).not.toBe(source)
      expect(before).not.toBe(after)
    }
  }
})

test('a change elsewhere in a file does not change the draw', () => {
  const source =
    'export const f = (a: number, b: number[]) => {\n  if (a > 3) return 1\n  b.push(2)\n  return a === 4\n}\n'
  const drawn = (text: string): string[] =>
    drawFrom(pointsIn('f.ts', text), 3, 5, 'one').map(({ key }) => key)
  expect(drawn(`// A comment.\n\n${source}`)).toEqual(drawn(source))
})

test('an area that is too small is reported', () => {
  expect(() => drawFrom(pointsIn('f.ts', 'a()'), 2, 1, 'tiny')).toThrow('tiny has no 2 places to change')
})

test('a total is distributed evenly, beginning at an area that the seed decides', () => {
  const shares = (seed: number): number[] =>
    names.map((name) => sharesOf(names, { each: 1, total: 10 }, seed).get(name) ?? 0)
  for (const seed of [1, 2, 3, 4, 5]) expect(shares(seed).toSorted()).toEqual([1, 1, 2, 2, 2, 2])
  expect(new Set([1, 2, 3, 4, 5].map((seed) => shares(seed).join())).size).toBeGreaterThan(1)
})
