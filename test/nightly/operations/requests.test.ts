import { carRequests, groupRequests, namedForms, saqRequests } from '../../support/operations/requests/all.ts'
import { test } from '../../support/operations/requests/over-http.ts'

// Every form of every request, through the whole stack.

test.for(namedForms(carRequests))('%s: %s', ([tool, , one], { expectRequest }) => expectRequest(tool, one))

test.for(namedForms(saqRequests))('%s: %s', ([tool, , one], { expectSaqRequest }) =>
  expectSaqRequest(tool, one),
)

test.for(namedForms(groupRequests))('%s: %s', ([tool, , one], { expectSaqRequest }) =>
  expectSaqRequest(tool, one),
)
