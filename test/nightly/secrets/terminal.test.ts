import { expect } from 'vitest'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { leaks, spelled } from '../../support/leak-search.ts'
import { places } from '../../support/secrets/echoed.ts'
import { clientSecret, password, secretSettings, test } from '../../support/secrets/holder.ts'

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
  const said = `${password} ${spelled['base64']?.(clientSecret)}`
  await sandbox.control.faults([{ route: '*', kind: 'reply', status, ...places[place]?.(said) }])
  const { QUALYS_CLIENT_ID: _, ...byPassword } = secretSettings
  for (const env of [byPassword, settings, refused]) {
    const there = processEnvironment(environmentFor(sandbox, env))
    const ended = await Promise.all(commands.map((args) => run(args, there)))
    expect(ended.map(({ stdout, stderr }) => leaks(stdout + stderr))).toEqual(commands.map(() => []))
  }
})
