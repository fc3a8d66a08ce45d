import { firstLines, testCourses, threeWaves, waveLines } from '../../../support/plans/course-tests.ts'

// A process ends where waves fail, do not report or are refused.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'

testCourses([
  {
    what: 'whose second wave fails, and is resumed',
    course: { args: threeWaves, prepare: ({ failures }) => failures([0, 1, 0]) },
    lines: [...firstLines, ...waveLines, 'held', 'resumed', ...waveLines, 'done'],
    from: 8,
    to: 11,
  },
  {
    what: 'of whose second wave no host reports, and that is resumed',
    course: {
      args: (hosts) => ({ ...threeWaves(hosts), reportWithin: '5m' }),
      prepare: ({ silent }, hosts) => silent(hosts.slice(2, 5).map(Number)),
    },
    lines: [...firstLines, ...waveLines, 'seen', 'held', 'resumed', ...waveLines, 'done'],
    from: 8,
    to: 12,
  },
  {
    what: 'whose first wave is refused for the moment',
    course: { args: threeWaves, prepare: ({ faults }) => faults([{ route, kind: 'limit', times: 1 }]) },
    lines: [...firstLines.slice(0, 2), 'intent', 'lapsed', ...waveLines, ...waveLines, ...waveLines, 'done'],
    from: 3,
    to: 5,
  },
])
