import { expectEachSentOnce } from '../../support/approvals/random-yes.ts'
import { testOn } from '../../support/fixtures.ts'

const test = testOn({ jobs: 100 })

test('250 yes at random times: each is sent once, and told', { timeout: 120_000 }, ({ sandbox }) =>
  expectEachSentOnce(sandbox, ['stdio, 2025', 'stdio, 2026']),
)
