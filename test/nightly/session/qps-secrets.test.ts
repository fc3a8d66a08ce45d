import { describe, expect } from 'vitest'
import { echoes, heard, secrets, statuses } from '../../integration/session/saq-secrets.ts'
import { testOn } from '../../support/fixtures.ts'
import { leaks } from '../../support/leak-search.ts'

// The password goes out with every request of SAQ. It comes back in no reply, whatever the API server says with it.

const test = testOn({ jobs: 100 })

describe.each(statuses)('what SAQ echoes with %i', (status) => {
  test.for(Object.entries(echoes))('in %s', async ([_name, how], { sandbox }) => {
    expect(leaks(await heard(sandbox, how, status, secrets, 'both forms'))).toEqual([])
  })
})
