import { expectLimitsHold } from '../../support/limits/expect-limits.ts'
import { test } from './fixtures.ts'

// Random sequences of unattended calls against a small model of the limits, which is written from their description.
// The nightly run plays more of them: test/nightly/properties/limits.test.ts.

test('nothing beyond the limits is ever on the wire, and what is within them is sent', ({ sandbox }) =>
  expectLimitsHold(sandbox, 40))
