import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { list, qpsRefusalCases } from '../../support/session/qps-refusal-cases.ts'
import { jobs, refusalCases } from '../../support/session/refusal-cases.ts'

// Every error, through the whole stack.

const test = testOn({ jobs: 100 }, { QUALYS_MAX_WAIT_SECONDS: '0', QUALYS_UNVERIFIED: 'all' })

describe('of the gateway', () => {
  test.for(refusalCases)(
    '%i, %s',
    async ([status, _name, body, kind, says, on = jobs], { sandbox, assistant }) => {
      await sandbox.control.faults([{ route: '*', kind: 'reply', status, body, skip: 1 }])
      const { text, error, isError } = await assistant.call(on.tool, on.args)
      expect(isError, text).toBe(true)
      expect(error).toMatchObject({ kind })
      expect(text).toMatch(says)
    },
  )
})

describe('of the API server', () => {
  test.for(qpsRefusalCases)(
    '%i, %s',
    async ([status, _name, body, kind, says, on = list], { sandbox, assistant }) => {
      const headers = status === 302 ? { location: 'https://elsewhere.example.com/' } : {}
      await sandbox.control.faults([
        { route: '*', kind: 'reply', status, body, headers, contentType: 'text/xml' },
      ])
      const { text, error, isError } = await assistant.call(on.tool, on.args)
      expect(isError, text).toBe(true)
      expect(error).toMatchObject({ kind })
      expect(text).toMatch(says)
      expect(text.length).toBeLessThan(700)
      expect(await sandbox.control.requests()).toHaveLength(1)
    },
  )
})
