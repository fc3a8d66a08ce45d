import { carRequests, groupRequests, named, saqRequests } from '../../support/operations/requests/all.ts'
import { test } from '../../support/operations/requests/over-http.ts'

// Every form of every request, through the whole stack.

test.for(named(carRequests))('%s: %s', ([tool, , one], { expectRequest }) => expectRequest(tool, one))

test.for(named(saqRequests))('%s: %s', ([tool, , one], { expectSaqRequest }) => expectSaqRequest(tool, one))

test.for(named(groupRequests))('%s: %s', ([tool, , one], { expectSaqRequest }) => expectSaqRequest(tool, one))
