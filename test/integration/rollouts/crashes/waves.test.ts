import { firstLines, testCourses, threeWaves, waveLines } from '../../../support/plans/course-tests.ts'

// A process ends before and after each line of a rollout of three waves, and another one goes on.

testCourses([
  {
    what: 'whose waves succeed',
    course: { args: threeWaves },
    lines: [...firstLines, ...waveLines, ...waveLines, 'done'],
    from: 1,
    to: 12,
  },
])
