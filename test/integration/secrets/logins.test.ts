import { describe, expect } from 'vitest'
import { openAssistant } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { callsOn } from '../../support/secrets/fixtures.ts'
import {
  hiddenSecret,
  loggedIn,
  logins,
  searchFor,
  secretAnswers,
  settingsAt,
  test,
} from '../../support/secrets/logins.ts'

// The secret of each kind of login, also where redacting the setting alone would miss it.

test.for(logins.map((login, place) => [login.name, login, place] as const))(
  'neither tool, status nor log holds it when the login fails, with %s',
  async ([, login, number], { place }) => {
    const search = searchFor(login, place)
    const found: string[] = []
    // Each answer with one kind of login; test/nightly/secrets has each with all.
    const answers = secretAnswers(login, place).filter((_, turn) => turn % logins.length === number)
    expect(answers.length).toBeGreaterThan(15)
    for (const [label, fault] of answers) {
      await place.sandbox.control.faults([{ ...fault, route: '*' }])
      const assistant = await openAssistant(login.settings(place))
      const said = [await assistant.call('car_search_jobs'), await assistant.call('qualys_status')]
      await assistant.close()
      if (search(JSON.stringify([said.map(({ raw }) => raw), assistant.log])).length > 0) found.push(label)
    }
    expect(found).toEqual([])
  },
)

test('no kind of tool reveals it, anywhere in an answer, whole or truncated', async ({ place }) => {
  const [login] = logins
  if (!login) throw new Error('there is a way to log in')
  const search = searchFor(login, place)
  const calls = await callsOn(place.sandbox, 'kinds')
  const assistant = await openAssistant(login.settings(place))
  const found: string[] = []
  let redacted = 0
  const answers = secretAnswers(login, place)
  for (const [turn, [label, fault]] of answers.entries()) {
    await place.sandbox.control.faults([loggedIn(login.route, place.token), { ...fault, route: '*' }])
    const replies = await Promise.all(
      calls.map(([tool, args], at) =>
        assistant.call(tool, args, (turn + at) % 2 === 0 ? 'text' : 'json').then(
          ({ raw }): unknown => raw,
          // A file with a redacted part in its base64 is no longer base64, which the protocol refuses.
          (error: Error) => error.message,
        ),
      ),
    )
    const said = JSON.stringify(replies)
    if (search(said).length > 0) found.push(label)
    if (said.includes('[masked-by-qualys-mcp]')) redacted++
  }
  await assistant.close()
  expect(found).toEqual([])
  expect(search(JSON.stringify(assistant.log))).toEqual([])
  // Otherwise no reply contained the answers, and the test would prove nothing.
  expect(redacted).toBeGreaterThan(answers.length / 2)
})

describe('what redacting the setting’s exact value would miss', () => {
  const refusal = (route: string, message: string) => ({
    route,
    kind: 'status',
    status: 403,
    body: { message },
  })

  test('blanks that are lost when a text becomes one line', async ({ place }) => {
    const blanks = `${canary('blank')}  two  blanks\tand a tab`
    await place.sandbox.control.faults([refusal('POST /auth', blanks)])
    const settings = settingsAt(place, { QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: blanks })
    const assistant = await openAssistant(settings)
    const { raw, isError } = await assistant.call('car_search_jobs')
    await assistant.close()
    expect(isError).toBe(true)
    expect(leakSearch([blanks])(JSON.stringify([raw, assistant.log]))).toEqual([])
  })

  test('a token that is no JWT', async ({ place }) => {
    const opaque = 'canary.ba9876543210.opaque'
    await place.sandbox.control.faults([
      loggedIn('POST /auth', opaque),
      refusal('*', `the token ${opaque} may not`),
    ])
    const settings = settingsAt(place, { QUALYS_USERNAME: 'operator', QUALYS_PASSWORD: hiddenSecret })
    const assistant = await openAssistant(settings)
    const { raw, isError } = await assistant.call('car_search_jobs')
    await assistant.close()
    expect(isError).toBe(true)
    expect(leakSearch([opaque])(JSON.stringify([raw, assistant.log]))).toEqual([])
  })
})
