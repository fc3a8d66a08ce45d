import { firstLines, testCourses, threeWaves, waveLines } from '../../../support/plans/course-tests.ts'

// A process ends while people hold, resume and stop a rollout.

testCourses([
  {
    what: 'that a person holds and resumes',
    course: {
      args: threeWaves,
      deed: async ({ call }, { plan, phase, waves, resumedAt }) => {
        if (phase === 'running' && waves[0]?.phase === 'ended' && resumedAt === undefined)
          await call('car_hold_rollout', { planId: plan.id })
      },
    },
    lines: [...firstLines, 'held', 'resumed', ...waveLines, ...waveLines, 'done'],
    from: 6,
    to: 8,
  },
  {
    what: 'that a person stops before its third wave',
    course: {
      args: threeWaves,
      end: 'stopped',
      deed: async ({ call }, { plan, phase, waves }) => {
        if (phase === 'running' && waves[1]?.run && waves[2]?.phase === 'waiting')
          await call('car_stop_rollout', { planId: plan.id })
      },
    },
    lines: [...firstLines, 'intent', 'sent', 'stopped', 'seen'],
    from: 8,
    to: 9,
  },
])
