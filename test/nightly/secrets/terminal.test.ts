import { expect } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { commonSpellings, leaks } from '../../support/leak-search.ts'
import { answerPlaces } from '../../support/secrets/echoed.ts'
import { clientSecret, password, secretSettings, test } from '../../support/secrets/fixtures.ts'

// Each command, with each login, under each kind of answer.

const commands = [
  ['doctor'],
  ['tools'],
  ['tools', '--json'],
  ['call', 'qualys_status'],
  ['call', 'car_search_jobs'],
]

test.for([
  ['message', 401],
  ['login error', 401],
  ['row values', 200],
  ['HTML page', 500],
] as const)('%s with %i', async ([place, status], { sandbox, settings, refused }) => {
  const said = `${password} ${commonSpellings['base64']?.(clientSecret)}`
  await sandbox.control.faults([{ route: '*', kind: 'reply', status, ...answerPlaces[place]?.(said) }])
  const { QUALYS_CLIENT_ID: _, ...byPassword } = secretSettings
  for (const env of [byPassword, settings, refused]) {
    const there = processEnvironment(environmentFor(sandbox, env))
    const ended = await Promise.all(commands.map((args) => runProgram(args, there)))
    expect(ended.map(({ stdout, stderr }) => leaks(stdout + stderr))).toEqual(commands.map(() => []))
  }
})
