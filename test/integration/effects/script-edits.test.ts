import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { updateScript } from '../../../src/operations/car/script-changes.ts'
import { StoredText } from '../../../src/operations/stored-text.ts'
import type { Session } from '../../../src/session/session.ts'
import { connect, eras, type RawClient, yes } from '../../support/consent/raw-client.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'
import { bytesIn } from '../../support/script-edits/edited.ts'

// One line of a stored script is changed. Before, that took the whole script, and what reading does not show was lost.

const test = effectTest({ jobs: 100, assets: 60 })

const scriptId = 16515
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Stores these bytes at Qualys, and forgets the request. */
async function store(session: Session, { control }: TestSandbox, bytes: Buffer): Promise<void> {
  await session.call(updateScript, { scriptId, content: new StoredText(bytes), comment: 'stored' }, {})
  await control.clearRequests()
}

async function storedBytes({ control }: TestSandbox): Promise<Buffer> {
  const script = (await control.dump('scripts')).find(({ id }) => id === scriptId)
  return Buffer.from(String(script?.['content']), 'base64')
}

const change = (...edits: readonly object[]) => ({ scriptId, edits, comment: 'other value' })

const ask = (client: RawClient, args: object) =>
  client.callAndAnswer('car_update_script', args, yes).then((reply) => ({
    ...reply,
    question: String(client.questions.at(-1)?.['message'] ?? ''),
  }))

/** As long as the vendor's own Windows script. */
const lines = Array.from(
  { length: 3_600 },
  (_, at) => `Write-Output "line ${at} of a long script: äöü, 漢字"`,
)
const longScript = `\ufeff${lines.join('\r\n')}\r\n`

describe.each(eras)('%s era', (era) => {
  test('one line of a long script is changed, and no other byte', async ({ sandbox, session }) => {
    const before = Buffer.from(longScript)
    expect(before.length).toBeGreaterThan(200_000)
    await store(session, sandbox, before)
    const client = await connect(sandbox, era)
    const edit = { find: 'line 1700 of a long script', replace: 'line 1700\nof a changed script' }
    const { text, isError, question } = await ask(client, change(edit))
    expect(isError, text).toBe(false)
    const expected = Buffer.from(
      longScript.replace('line 1700 of a long script', 'line 1700\r\nof a changed script'),
    )
    expect((await storedBytes(sandbox)).equals(expected)).toBe(true)
    expect(text).toContain(`updated; 1 edit at line 1701; content sha256 ${sha256(expected)}; set: content`)
    expect(question).toContain('! 1 edit at line 1701.')
    expect(question).toContain(`sha256 ${sha256(expected)}`)
    expect(text.length + question.length).toBeLessThan(12_000)
  })

  test('a masked secret stays in place, reaches Qualys, and is in no preview', async ({
    sandbox,
    session,
  }) => {
    const secret = 'Secret12345'
    // Long enough that a preview cuts the line where the secret is.
    const pad = 'x'.repeat(64)
    const script = (last: string): string =>
      `$a = "${pad}https://svc:${secret}@repo.example/x"\r\n$b = 1\r\n${last}\r\n`
    await store(session, sandbox, Buffer.from(script('exit 1')))
    const client = await connect(sandbox, era)
    const { text, question } = await ask(client, change({ find: 'exit 1', replace: 'exit 2' }))
    expect((await storedBytes(sandbox)).toString()).toBe(script('exit 2'))
    expect(question).toContain('exit 2')
    for (let at = 0; at + 4 <= secret.length; at++)
      expect(`${text}${question}`).not.toContain(secret.slice(at, at + 4))
  })
})

test.for(['utf-16le with mark', 'utf-16be', 'windows-1252'])(
  '%s stays',
  async (encoding, { sandbox, session, server }) => {
    await store(session, sandbox, bytesIn(encoding, '# Größe\r\nexit 1\r\n'))
    const { text } = await server.call('car_update_script', change({ find: 'ß', replace: 'ss' }))
    expect(text).toContain('1 edit at line 1')
    expect(await storedBytes(sandbox)).toEqual(bytesIn(encoding, '# Grösse\r\nexit 1\r\n'))
  },
)

test('guesses of a secret get one and the same answer, and nothing is sent', async ({
  sandbox,
  session,
  server,
}) => {
  await store(session, sandbox, Buffer.from('curl https://svc:Secret12345@repo.example/x\n'))
  const answers = new Set<string>()
  for (const find of ['svc:S', 'svc:X', 'Secret12345', 'Qwertz54321', 'ecr', 'uvw', 's e c r e t'])
    answers.add((await server.call('car_update_script', change({ find, replace: 'x' }))).text)
  expect([...answers]).toEqual([
    expect.stringContaining(
      'Edit 1 is not found in script 16515. Read the lines with car_get_script, and pass them as they are there, without what is masked.',
    ),
  ])
  const unmasking = await server.call('car_update_script', change({ find: '@repo', replace: ' repo' }))
  expect(unmasking.text).toContain('might show a secret that is masked now')
  expect(await effectRequests(sandbox.control)).toEqual([])
})

test('what breaks a script for Linux is named, and the named edits mend it', async ({
  sandbox,
  session,
  server,
}) => {
  const linux = (await sandbox.control.dump('scripts')).find(({ platform }) => platform === 'LINUX')
  const args = { ...change({ find: 'echo hi', replace: 'echo ho' }), scriptId: String(linux?.['id']) }
  const content = new StoredText(Buffer.from('\ufeff#!/bin/sh\r\necho hi\r\n'))
  await session.call(updateScript, { ...args, content }, {})
  const { text } = await server.call('car_update_script', args)
  const named = [...text.matchAll(/the edit (\{.*?\})/g)].map(([, json = '']) => JSON.parse(json) as object)
  expect(named).toEqual([
    { find: '\r\n', replace: '\n' },
    { find: '\ufeff', replace: '' },
  ])
  const mended = await server.call('car_update_script', { ...args, edits: named })
  expect(mended.text).toMatch(/updated; 1 edit at line 1, line ends: CR LF -> LF; content sha256/)
  const stored = (await sandbox.control.dump('scripts')).find(({ id }) => id === linux?.['id'])
  expect(Buffer.from(String(stored?.['content']), 'base64').toString()).toBe('#!/bin/sh\necho ho\n')
})

test.for([
  ['the path is not public', [{ route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 404 }]],
  [
    'nothing can be read',
    [
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 500 },
      { route: 'POST /sm/v1/scripts/search', kind: 'status', status: 500 },
    ],
  ],
] as const)('edits are refused where %s', async ([, faults], { sandbox, server }) => {
  await sandbox.control.faults(faults)
  const { text, isError } = await server.call('car_update_script', change({ find: 'a', replace: 'b' }))
  expect(isError).toBe(true)
  expect(text).toContain(
    `The content of script ${scriptId} cannot be read, so there is nothing to edit. Pass the whole content`,
  )
  expect(await effectRequests(sandbox.control)).toEqual([])
})

test('whole content that loses what reading does not show says so', async ({ sandbox, session, server }) => {
  await store(session, sandbox, Buffer.from('\ufeffGet-Date\r\nexit 1\r\n'))
  const args = { scriptId, content: 'Get-Date\nexit 2\n', comment: 'other code' }
  const { text } = await server.call('car_update_script', args)
  expect(text).toContain('line ends: CR LF -> LF; byte order mark: removed')
})
