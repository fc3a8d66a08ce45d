import { describe, expect, test } from 'vitest'
import { type Answer, openInMemory } from '../../../support/session/memory.ts'
import { refusal, simpleReturn, simpleReturnWithDtd } from '../../../support/session/qps-answers.ts'
import { list, qpsRefusalCases } from '../../../support/session/qps-refusal-cases.ts'

// Errors of the API server: mostly within HTTP 200, and in three formats.

const xml = (body: unknown, status = 200, headers = {}): Answer => ({
  status,
  body,
  headers: { 'content-type': 'text/xml', ...headers },
})

describe('an answer that is not a success', () => {
  test.for(qpsRefusalCases)('%i, %s', async ([status, , body, kind, says, on = list]) => {
    const headers = status === 302 ? { location: 'https://elsewhere.example.com/' } : {}
    const memory = openInMemory(xml(body, status, headers))
    const { text, error, isError } = await memory.call(on.tool, { ...on.args })
    expect(isError, text).toBe(true)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(says)
    expect(text).not.toMatch(/[<>\n]|Gateway|NaN|undefined|null/)
    expect(text.length).toBeLessThan(700)
    // Sent once: nothing waits here.
    expect(memory.sent).toHaveLength(1)
  })

  // For any status, the code says when to try again (the appendix prints 1965 as "400 Conflict").
  test.each([200, 400])('%i, a limit by its code', async (status) => {
    const body = simpleReturn('1965', 'This API cannot be run again for another 9 seconds.')
    expect((await openInMemory(xml(body, status)).call(list.tool)).error).toMatchObject({ kind: 'busy' })
  })

  // Every recorded SIMPLE_RETURN has its DTD, which defines nothing.
  test.each([
    [200, undefined, 'Bad Login/Password', 'setup', /SAQ refuses user name and password/],
    [409, '2003', 'Registration must be completed', 'setup', /2003: "Registration must be completed"/],
    [400, '1905', 'parameter x has invalid value', 'input', /"parameter x has invalid value"/],
  ] as const)('%i, %s with its DTD', async (status, code, words, kind, says) => {
    const { text, error } = await openInMemory(xml(simpleReturnWithDtd(code, words), status)).call(list.tool)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(says)
  })

  // The number of a limit may also be an id.
  test('409, a conflict about user 1965', async () => {
    const body = refusal('INVALID_REQUEST', 'User 1965 has this address.')
    const { error, text } = await openInMemory(xml(body, 409)).call(list.tool)
    expect(error, text).toMatchObject({ kind: 'input' })
  })
})
