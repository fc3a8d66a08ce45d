import { expect } from 'vitest'
import { makeCarStore } from '../../../src/sandbox/data/car/store.ts'
import { credentialWarnings } from '../../../src/tools/effects/policy/credential-warnings.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Credentials that are no secrets of this server: a person sees what is sent, and everybody is told that it shows.
// (Which texts look like one: test/unit/limits.)

const content = 'Get-Date\n$Password = "Winter2024!"\nGet-PSDrive\n'
const warning =
  'Line 2 of content looks like a password: hosts and everyone who may read the script see it; name it as a parameter with secret instead.'

consentTest('the preview warns of a password directly below the counts', async ({ connect }) => {
  const client = await connect('modern', { settings: { QUALYS_UNVERIFIED: 'all' } })
  const { preview = '' } = await client.call('car_create_script', { ...validScript, content })
  const [, first, second] = preview.split('\n')
  expect([first, second]).toContain(`! ${warning}`)
  expect(preview).toContain(String.raw`$Password = \"Winter2024!\"`)
})

const test = effectTest()

test('the reply warns of it, and neither log has it', async ({ sandbox, server, audit }) => {
  const { text } = await server.call('car_create_script', {
    ...validScript,
    content,
    description: 'PASSWORD=Autumn2025!',
    params: [{ key: 'dbPassword', value: 'Spring2026!' }],
  })
  expect(text).toMatch(/^script \d+ "[^"]*" created/)
  expect(text).toContain(warning)
  expect(text).toContain('The text of description looks like a password: ')
  expect(text).toContain('The text of params.0.value looks like a password: ')
  const passwords = /(Winter2024|Autumn2025|Spring2026)/
  expect(text).not.toMatch(passwords)
  const lines = audit.lines()
  expect(lines.map(({ event }) => event)).toEqual(['asked', 'approved', 'sent', 'answered'])
  expect(JSON.stringify(lines)).toContain('PASSWORD=[masked-by-qualys-mcp]')
  expect(JSON.stringify(lines)).not.toMatch(passwords)
  expect(JSON.stringify(server.log)).not.toMatch(passwords)
  const sent = (await sandbox.control.requests()).find(({ path }) => path === '/sm/v5/script')
  expect(Buffer.from(String(JSON.parse(sent?.body ?? '{}').content), 'base64').toString()).toBe(content)
})

test('no script of the sandbox brings one', () => {
  const scripts = makeCarStore(1, 10).scripts.map(({ content }) => Buffer.from(content, 'base64').toString())
  expect(scripts.length).toBeGreaterThan(50)
  expect(scripts.join('\n')).toMatch(/Get-|echo/)
  expect(scripts.flatMap((content) => credentialWarnings({ content }))).toEqual([])
})
