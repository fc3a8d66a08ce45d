import { expect, onTestFinished } from 'vitest'
import { callsOn } from '../../support/secrets/fixtures.ts'
import { callUnder, logins, searchFor, secretAnswers, test } from '../../support/secrets/logins.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// The output of the built server when Qualys answers with the secret of the login.

/**
 * Answers that are read in different ways; all: test/integration/secrets, and with all tools test/nightly/secrets.
 */
const labels = ['message of 400', 'login exceptions', 'rows', 'record', 'binary file', 'rows anywhere']

test.for(logins.map((login) => [login.name, login] as const))('with %s', async ([, login], { place }) => {
  const answers = secretAnswers(login, place).filter(([label]) => labels.includes(label))
  expect(answers).toHaveLength(labels.length)
  const calls = await callsOn(place.sandbox, 'kinds')
  const server = await new RawServer(login.settings(place)).initialize()
  onTestFinished(() => void server.child.kill('SIGKILL'))
  const { found, redacted } = await callUnder(server, login, place, calls, answers)
  expect(found).toEqual({})
  // Otherwise no reply contained the answer, and the test would prove nothing.
  expect(redacted).toBeGreaterThan(answers.length)
  const { err, code } = await server.finish()
  expect({ code, leaked: searchFor(login, place)(err) }).toEqual({ code: 0, leaked: [] })
  expect(err).toContain('"msg":"call ended"')
})
