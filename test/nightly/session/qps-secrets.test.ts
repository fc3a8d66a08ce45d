import { describe, expect } from 'vitest'
import { collectOutput, echoes, secrets, statuses } from '../../integration/session/saq/saq-secrets.ts'
import { testOn } from '../../support/fixtures.ts'
import { leaks } from '../../support/leak-search.ts'

// Every request of SAQ contains the password. No reply contains it, whatever the API server sends back.

const test = testOn({ jobs: 100 })

describe.each(statuses)('what SAQ echoes with %i', (status) => {
  test.for(Object.entries(echoes))('in %s', async ([_name, how], { sandbox }) => {
    expect(leaks(await collectOutput(sandbox, how, status, secrets, 'both forms'))).toEqual([])
  })
})
