import { testOn } from '../../support/fixtures.ts'
import { expectLimitsHold } from '../../support/limits/expect-limits.ts'

// More games of test/integration/limits/model.test.ts.

const test = testOn({ jobs: 100, assets: 200 })

test('nothing beyond the limits is ever on the wire, and what is within them is sent', ({ sandbox }) =>
  expectLimitsHold(sandbox, 600))
