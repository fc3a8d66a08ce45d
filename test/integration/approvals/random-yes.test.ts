import { expectEachSentOnce } from '../../support/approvals/random-yes.ts'
import { testOn } from '../../support/fixtures.ts'

const test = testOn({ jobs: 100 })

test('500 yes at random times: each is sent once, and told', { timeout: 120_000 }, ({ sandbox }) =>
  expectEachSentOnce(sandbox),
)
