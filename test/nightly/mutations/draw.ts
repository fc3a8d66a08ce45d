import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { areaOf, areas } from './areas.ts'
import { type Kind, kinds, type Point, pointsIn } from './points.ts'
import { drawFor } from './random.ts'

/** A mutation that was drawn. */
export interface Mutation extends Point {
  /** From 1 on. */
  readonly number: number
  readonly area: string
}

/** The points of each area. `paths` are those of the source, from the root of the repository. */
export function pointsByArea(root: string, paths: readonly string[]): ReadonlyMap<string, readonly Point[]> {
  const found = new Map<string, Point[]>(areas.map(({ name }) => [name, []]))
  for (const path of [...paths].sort()) {
    const area = areaOf(path)
    if (area === undefined) continue
    found.get(area)?.push(...pointsIn(path, readFileSync(join(root, path), 'utf8')))
  }
  return found
}

/** The points in an order that the seed decides. Each has its own rank, so that a change elsewhere moves none. */
function shuffled(points: readonly Point[], seed: number): Point[] {
  const ranked = points.map((point) => ({ point, rank: drawFor(seed, point.key).next() }))
  return ranked
    .sort((a, b) => a.rank - b.rank || (a.point.key < b.point.key ? -1 : 1))
    .map(({ point }) => point)
}

const onOneLine = (a: Point, b: Point): boolean => a.file === b.file && a.line === b.line

/** So many points, the kinds in turn, no two of them on one line. */
export function drawFrom(points: readonly Point[], count: number, seed: number, area: string): Point[] {
  const order = shuffled(points, seed)
  const draw = drawFor(seed, area)
  const turns: Kind[] = [...kinds]
  turns.push(...turns.splice(0, draw.below(turns.length)))
  const drawn: Point[] = []
  const take = (kind: Kind): boolean => {
    const next = order.find((point) => point.kind === kind && !drawn.some((other) => onOneLine(point, other)))
    if (next) drawn.push(next)
    return next !== undefined
  }
  while (drawn.length < count) {
    const took = turns.filter((kind) => drawn.length < count && take(kind))
    if (took.length === 0) throw new Error(`${area} has no ${count} places to change`)
  }
  return drawn
}

/** How many of each area: the same for all, or `total` shared out, beginning at an area that the seed decides. */
export function sharesOf(
  names: readonly string[],
  { each, total }: { readonly each: number; readonly total?: number | undefined },
  seed: number,
): ReadonlyMap<string, number> {
  if (total === undefined) return new Map(names.map((name) => [name, each]))
  const first = drawFor(seed, 'first area').below(names.length)
  const shares = new Map<string, number>()
  for (let at = 0; at < total; at++) {
    const name = names[(first + at) % names.length] ?? ''
    shares.set(name, (shares.get(name) ?? 0) + 1)
  }
  return shares
}

/** The mutations of a seed, area after area. */
export function drawMutations(
  points: ReadonlyMap<string, readonly Point[]>,
  shares: ReadonlyMap<string, number>,
  seed: number,
): Mutation[] {
  const drawn = [...shares].flatMap(([area, count]) =>
    drawFrom(points.get(area) ?? [], count, seed, area).map((point) => ({ area, ...point })),
  )
  return drawn.map((mutation, at) => ({ number: at + 1, ...mutation }))
}
