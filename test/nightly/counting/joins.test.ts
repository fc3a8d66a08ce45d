import { compare, namedCases } from '../../support/counting/comparison.ts'
import { joinedResults, resultCases } from '../../support/counting/joined-cases.ts'
import { testOn } from '../../support/fixtures.ts'

// Every count of results by what other lists hold, over a fleet.

const test = testOn({ jobs: 2_000 }, { QUALYS_REPLY_CHARS: '400000' })

test.for(namedCases(resultCases))('%s', async ([, one], { sandbox, assistant }) =>
  compare(assistant, 'car_count_asset_jobs', await joinedResults(sandbox.control), one),
)
