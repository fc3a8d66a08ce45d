import { describe, expect, onTestFinished } from 'vitest'
import { openAssistant } from '../../support/assistant.ts'
import { callsOn } from '../../support/secrets/fixtures.ts'
import { callUnder, logins, searchFor, secretAnswers, test } from '../../support/secrets/logins.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// All tools of the built server, in both forms, under all answers with the secret of a login, for each kind of
// login.

describe.each(logins)('with $name', (login) => {
  test('neither pipe of the server holds it', async ({ place }) => {
    const answers = secretAnswers(login, place)
    const calls = await callsOn(place.sandbox, 'every')
    const server = await new RawServer(login.settings(place)).initialize()
    onTestFinished(() => void server.child.kill('SIGKILL'))
    const { found, redacted } = await callUnder(server, login, place, calls, answers)
    expect(found).toEqual({})
    expect(redacted).toBeGreaterThan(answers.length)
    const { err, code } = await server.finish()
    expect({ code, leaked: searchFor(login, place)(err) }).toEqual({ code: 0, leaked: [] })
  })

  test('neither tool, status nor log holds it when the login fails', async ({ place }) => {
    const search = searchFor(login, place)
    const found: string[] = []
    for (const [label, fault] of secretAnswers(login, place)) {
      await place.sandbox.control.faults([{ ...fault, route: '*' }])
      const assistant = await openAssistant(login.settings(place))
      const said = [await assistant.call('car_search_jobs'), await assistant.call('qualys_status')]
      await assistant.close()
      if (search(JSON.stringify([said.map(({ raw }) => raw), assistant.log])).length > 0) found.push(label)
    }
    expect(found).toEqual([])
  })
})
