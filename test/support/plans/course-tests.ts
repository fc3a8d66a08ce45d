import { describe, expect } from 'vitest'
import type { PlanEvent } from '../../../src/tools/plans/plan.ts'
import { type Course, crashAt, pointsOf, runThrough } from './crash-course.ts'
import { rolloutOf, test } from './rollout-test.ts'

/** A rollout, its lines, and which of them are tried. */
export interface CourseCase {
  readonly what: string
  readonly course: Course
  readonly lines: readonly PlanEvent['kind'][]
  /** The first and the last line at which a process ends: those that differ from the lines of other rollouts. */
  readonly from: number
  readonly to: number
}

/** Arguments of a rollout of three waves. */
export const threeWaves = (hosts: readonly string[]) => rolloutOf(hosts, 2, 3, 4)

/** The lines of a wave that succeeds. */
export const waveLines: readonly PlanEvent['kind'][] = ['intent', 'sent', 'seen']

/** The lines of a rollout whose first wave succeeds. */
export const firstLines: readonly PlanEvent['kind'][] = ['proposed', 'approved', ...waveLines]

/** Tests that a process may end before and after lines of these rollouts. */
export function testCourses(cases: readonly CourseCase[]): void {
  describe.each(cases)('a rollout $what', ({ course, lines, from, to }) => {
    test('has these lines', async ({ sandbox, folder, hosts, serve }) => {
      expect(await runThrough(course, { sandbox, folder, hosts, serve })).toEqual(lines)
    })

    test.for(pointsOf(from, to))(
      'ends after a crash $moment line $n, each wave sent once',
      async (point, { sandbox, folder, hosts, serve }) => {
        await crashAt(point, course, { sandbox, folder, hosts, serve })
      },
    )
  })
}
