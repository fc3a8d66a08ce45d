import { describe } from 'vitest'
import { accountCases, expectOutcome, test } from '../../integration/session/accounts.ts'

// Every kind of account, whichever product is called first.

describe.each(['car first', 'saq first', 'both at once'] as const)('%s', (order) => {
  test.for(accountCases)('%s', async (one, { sandbox, folder }) =>
    expectOutcome(one, order, { sandbox, folder }),
  )
})
