import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Edit, pointsIn } from '../points.ts'
import type { OlderVerdict, Result } from '../results.ts'
import type { Judge } from './judge.ts'
import { Scratch } from './scratch.ts'

/** The last commit before the tests were split into layers. */
export const olderCommit = '29dd102'

/** The programs of this folder that a run needs, also in an older commit. */
export const programs = ['ordered.config.ts', 'sequencer.ts', 'reporter.ts', 'judging/events.ts'].map(
  (name) => `test/nightly/mutations/${name}`,
)

/** How many lines on either side of a change have to be equal. */
const linesAround = 2

/** The position of a change in another text that has the same lines exactly once. */
export function transfer(edit: Edit, source: string, other: string): Edit | undefined {
  const lineAt = (place: number): number => source.slice(0, place).split('\n').length - 1
  const lines = source.split('\n')
  const from = Math.max(0, lineAt(edit.start) - linesAround)
  const same = lines.slice(from, lineAt(edit.end) + linesAround + 1).join('\n')
  const found = other.indexOf(same)
  if (found < 0 || other.indexOf(same, found + 1) >= 0) return undefined
  const begin = lines.slice(0, from).reduce((sum, line) => sum + line.length + 1, 0)
  return { ...edit, start: edit.start - begin + found, end: edit.end - begin + found }
}

/** A copy of an older commit that can run its tests. */
export const scratchOfOlder = (repository: string, commit: string): Scratch =>
  Scratch.ofCommit(repository, commit, programs)

/** The same change in the older source, wherever its file was then. */
function placeIn(
  old: Scratch,
  { file, key }: Result,
): { readonly path: string; readonly edit: Edit } | undefined {
  const source = readFileSync(join(old.from, file), 'utf8')
  const point = pointsIn(file, source).find((one) => one.key === key)
  if (point === undefined) return undefined
  const paths = readdirSync(join(old.root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort((a, b) => Number(b === file) - Number(a === file))
  for (const path of paths) {
    const edit = transfer(point.edit, source, old.read(path))
    if (edit) return { path, edit }
  }
  return undefined
}

/** The result of the older tests for a survivor. */
export async function judgeByOlderTests(old: Scratch, judge: Judge, result: Result): Promise<OlderVerdict> {
  const place = placeIn(old, result)
  if (place === undefined) return { verdict: 'not comparable', because: 'its lines are not there' }
  return judge.judge(place.path, place.edit)
}
