import { chmodSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, onTestFinished, vi } from 'vitest'
import {
  decideWithKey,
  keyForm,
  openByLink,
  sendSignature,
  signatureOn,
} from '../../support/approvals/local-person.ts'
import {
  type LocalOptions,
  openLocalServer,
  pinKeys,
  stateFolderWith,
} from '../../support/approvals/local-server.ts'
import { answerInTerminal, consentTest as test } from '../../support/consent/fixtures.ts'
import { agePending } from '../../support/consent/raw-client.ts'
import { askFor, clone, cloneOf, codeIn, sentWith } from '../../support/forged/attacks.ts'
import { ask, postForm, type Received } from '../../support/page/local.ts'
import { flag, pinned, softwareKey } from '../../support/passkeys/software-key.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// What people and assistants are told when something is wrong, one by one. Nothing of it sends a request.

const capabilities = {}
const minute = 60_000

/** The text of a page as a person reads it. */
const readable = ({ body }: Received): string =>
  stripVTControlCharacters(body.replace(/<style[\s\S]*?<\/style>/g, '').replace(/<[^>]+>/g, ' '))
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')

const inTerminal = (stateDir: string, code: string): Promise<string> =>
  answerInTerminal(stateDir, code).catch((error: Error) => error.message)

const noSuchRequest =
  'There is no such request It has ended, or its code is wrong. A request lives ten minutes; the assistant can make the call again, and gets another code.'
const noSuchCall =
  /^No call waits under this code: a code lives ten minutes and belongs to one state folder\. /

/** A call that waits, with a title that is its own. */
async function waiting(sandbox: TestSandbox, title: string, options: LocalOptions = {}) {
  const server = await openLocalServer(sandbox, 'legacy', { capabilities, ...options })
  const target = await askFor(server, title)
  return { server, target, link: await server.page.linkFor(target.code) }
}

describe('a code', () => {
  test('that is wrong', async ({ sandbox }) => {
    const { server, target, link } = await waiting(sandbox, 'wrong code')
    for (const code of ['ZZZZ-ZZZZ', target.code.slice(0, 8), `${target.code}2`, '2'.repeat(32)]) {
      const shown = await ask(link.replace(target.code, code))
      expect([shown.status, readable(shown)]).toEqual([404, expect.stringContaining(noSuchRequest)])
      expect(await inTerminal(server.stateDir, code)).toMatch(noSuchCall)
    }
    expect(await sentWith(sandbox, target.title)).toBe(0)
  })

  test('that was used', async ({ sandbox }) => {
    const { server, target, link } = await waiting(sandbox, 'used code')
    await decideWithKey(server, target.code)
    expect((await target.callAgain()).isError).toBe(false)
    expect(readable(await ask(link))).toMatch(
      /Run \d{4}-\d\d-\d\d \S+ UTC , approved on the approval page\. It was sent, and Qualys took it\./,
    )
    const answer = await postForm(link, {
      ...(await keyForm(server, target.code)).fields,
      decision: 'approve',
    })
    expect(answer.status).not.toBe(200)
    expect(await inTerminal(server.stateDir, target.code)).toBe(
      `The call with the code ${target.code} has run, or is running: a code is good once.`,
    )
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('whose time is over', async ({ sandbox }) => {
    const { server, target, link } = await waiting(sandbox, 'expired code')
    const { fields } = await keyForm(server, target.code)
    agePending(server.stateDir, 11 * minute)
    for (const shown of [await ask(link), await postForm(link, { ...fields, decision: 'approve' })])
      expect([shown.status, readable(shown)]).toEqual([404, expect.stringContaining(noSuchRequest)])
    expect(await inTerminal(server.stateDir, target.code)).toMatch(noSuchCall)
    expect(await sentWith(sandbox, target.title)).toBe(0)
  })

  test('of another account, or of another server', async ({ sandbox }) => {
    const { server, target } = await waiting(sandbox, 'code of another')
    const settings = { QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' }
    const account = await waiting(sandbox, target.title, { stateDir: server.stateDir, settings })
    const elsewhere = await waiting(sandbox, target.title)
    // The account stands in the preview, and another folder holds no such code.
    expect(readable(await ask(account.link))).toContain('sandbox_cd2')
    expect(readable(await ask(elsewhere.link.replace(elsewhere.target.code, target.code)))).toContain(
      noSuchRequest,
    )
    expect(await inTerminal(elsewhere.server.stateDir, target.code)).toMatch(noSuchCall)
    await decideWithKey(account.server, account.target.code)
    await decideWithKey(elsewhere.server, elsewhere.target.code)
    expect((await target.callAgain()).text).toContain(target.code)
    expect(await sentWith(sandbox, target.title)).toBe(0)
  })
})

test('a post without a token, of another origin, or replayed', async ({ sandbox }) => {
  const { server, target, link } = await waiting(sandbox, 'bad posts')
  const { fields } = await keyForm(server, target.code)
  const yes = { ...fields, decision: 'approve' }
  const stale =
    'This form was of an earlier page, or of another request, so nothing was decided: read the request below, and decide again.'
  expect(readable(await postForm(link, { ...yes, token: '' }))).toContain(stale)
  expect(readable(await postForm(link, yes, { origin: 'https://evil.example' }))).toContain(
    'This comes from another page: open the approval page itself, and do it there.',
  )
  expect(readable(await postForm(link, yes, { host: 'evil.example' }))).toContain(
    `The page is at ${new URL(link).origin}, with exactly this name and port:`,
  )
  expect(await sentWith(sandbox, target.title)).toBe(0)
  expect((await postForm(link, yes)).status).toBe(200)
  expect(readable(await postForm(link, yes))).toContain(
    'This request was decided already, so this changed nothing.',
  )
  expect((await target.callAgain()).isError).toBe(false)
  expect(readable(await postForm(link, yes))).toContain(
    'This request was decided already, so this changed nothing.',
  )
  expect(await sentWith(sandbox, target.title)).toBe(1)
})

test('an assertion for another request, of a removed key, of an old counter, without a check of the person', async ({
  sandbox,
}) => {
  const place = { rpId: 'localhost', origin: 'http://localhost:40123' }
  const [anna, bob, old] = [softwareKey(), softwareKey(), softwareKey()]
  const kept = [
    pinned(anna, { person: 'Anna', ...place }),
    pinned(bob, { person: 'Bob', counter: 7, ...place }),
  ]
  const stateDir = stateFolderWith(...kept, pinned(old, { person: 'Old', ...place }))
  const settings = { QUALYS_PASSKEY_FOR: 'create' }
  const { server, target } = await waiting(sandbox, 'bad assertions', { stateDir, settings })
  const other = await openByLink(server, (await askFor(server, 'another one')).code)
  const page = await openByLink(server, target.code)
  pinKeys(stateDir, ...kept)
  const sentences: readonly (readonly [unknown, string])[] = [
    [
      signatureOn(other, anna),
      'The passkey signed another request than this one: open the link again, and sign the request that it shows now.',
    ],
    [
      signatureOn(page, old),
      'This passkey is not in the file of passkeys, or was removed from it: use one that counts, or have the operator add this one.',
    ],
    [
      signatureOn(page, bob, { counter: 7 }),
      'The counter of the passkey stands at 7, but 7 was seen before, so that its signature is an old one or the key was copied: sign again, and if this comes again, remove the passkey and add another one.',
    ],
    [
      signatureOn(page, anna, { flags: flag.present }),
      'The passkey did not check who uses it, by PIN, fingerprint or face: set a PIN or a screen lock for it, and try again.',
    ],
    [
      signatureOn(page, anna, { origin: 'http://localhost:1' }),
      `The passkey was used on the page at "http://localhost:1", which is not the page of this server: open ${page.origin}, with exactly this name and port.`,
    ],
    [{}, 'What came is no signature of a passkey: press the button on the page again, in a current browser.'],
  ]
  for (const [assertion, error] of sentences) {
    const { status, body } = await sendSignature(page, assertion)
    expect([status, JSON.parse(body)]).toEqual([403, { error }])
  }
  expect(await inTerminal(stateDir, target.code)).toBe(
    `For this call only a passkey counts, and nothing was approved: open ${page.link} (or run \`qualys-mcp approve ${target.code} --state-dir ${stateDir} --page\`).`,
  )
  expect(await sentWith(sandbox, target.title)).toBe(0)
})

test('a browser that closes: the request stays, and its page can be opened again', async ({ sandbox }) => {
  const server = await openLocalServer(sandbox, 'legacy', { capabilities, hasScreen: true })
  const title = 'closed browser'
  const { text } = await server.client.call(clone, cloneOf(title))
  expect(server.opened).toHaveLength(1)
  const code = codeIn({ text })
  const link = await server.page.linkFor(code)
  const { host, port, pathname } = new URL(link)
  // In the middle of the yes.
  const socket = connectSocket(Number(port), '127.0.0.1')
  await new Promise<void>((resolve) => {
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 999\r\n\r\n`
    socket.write(`${head}decision=approve&key=`, () => {
      socket.destroy()
      resolve()
    })
  })
  const again = await server.client.call(clone, cloneOf(title))
  expect(again.text).toContain(`Ask the person to open ${link} `)
  expect(await sentWith(sandbox, title)).toBe(0)
  await decideWithKey(server, code)
  expect((await server.client.call(clone, cloneOf(title))).isError).toBe(false)
  expect(await sentWith(sandbox, title)).toBe(1)
})

describe('no page', () => {
  const nobodyThere = async () => []
  const noName: LocalOptions = { page: { lookUp: nobodyThere } }
  const nameFault = 'There is no approval page: the name localhost does not lead to this machine'

  test('since a port is in use: the terminal is left, or the operator is told', async ({ sandbox }) => {
    const program = createServer()
    onTestFinished(() => void program.close())
    await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
    const { port } = program.address() as AddressInfo
    const QUALYS_PAGE_PORT = String(port)
    const fault = `There is no approval page: port ${port} (QUALYS_PAGE_PORT) is in use on this machine`
    const usual = await openLocalServer(sandbox, 'legacy', { capabilities, settings: { QUALYS_PAGE_PORT } })
    expect((await usual.client.call(clone, cloneOf('port'))).text).toMatch(
      /^A person has to approve this, and this client cannot ask one; nothing was sent\. Ask the person to run `qualys-mcp approve \S+ --state-dir \S+` in a terminal \(There is no approval page: port \d+ \(QUALYS_PAGE_PORT\) is in use on this machine\) within ten minutes; then make/,
    )
    const settings = { QUALYS_PAGE_PORT, QUALYS_APPROVE_BY: 'page' }
    const alone = await openLocalServer(sandbox, 'legacy', { capabilities, settings })
    expect((await alone.client.call(clone, cloneOf('port'))).text).toBe(
      `A person has to approve this; nothing was sent. ${fault}. Ask the operator to set QUALYS_PAGE_PORT to another port, or to 0 for any that is free.`,
    )
    expect(await sentWith(sandbox, 'port')).toBe(0)
  })

  test('since no name leads to this machine: the terminal is left, or the operator is told', async ({
    sandbox,
  }) => {
    const usual = await openLocalServer(sandbox, 'modern', { capabilities, ...noName })
    expect((await usual.client.call(clone, cloneOf('name'))).text).toContain(
      `in a terminal (${nameFault}) within ten minutes`,
    )
    const alone = await openLocalServer(sandbox, 'modern', {
      capabilities,
      ...noName,
      settings: { QUALYS_PASSKEY_FOR: 'create' },
    })
    expect((await alone.client.call(clone, cloneOf('name'))).text).toBe(
      `A person has to approve this; nothing was sent. ${nameFault}. Ask the operator to add the line "127.0.0.1 localhost" to the hosts file of this machine.`,
    )
    expect(await sentWith(sandbox, 'name')).toBe(0)
  })
})

test.skipIf(process.platform === 'win32')(
  'a state folder that others may write: nothing is approved there',
  async ({ sandbox }) => {
    const { server, target, link } = await waiting(sandbox, 'others may write')
    const { fields } = await keyForm(server, target.code)
    await decideWithKey(server, target.code)
    chmodSync(join(server.stateDir, 'pending'), 0o777)
    const fault =
      'The state folder (QUALYS_STATE_DIR) cannot be used: somebody else may write the folder "pending" in it.'
    const { text } = await target.callAgain()
    expect(text).toBe(
      `A person has to approve this, and this client cannot ask one; nothing was sent. ${fault} Ask the operator to name a folder of their own that nobody else may write; without it nothing can be approved on the page or in a terminal.`,
    )
    for (const shown of [await ask(link), await postForm(link, { ...fields, decision: 'approve' })])
      expect([shown.status, readable(shown)]).toEqual([503, expect.stringContaining(fault)])
    expect(await inTerminal(server.stateDir, target.code)).toContain(fault)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    chmodSync(join(server.stateDir, 'pending'), 0o700)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  },
)

test('clocks that differ: by less than ten minutes a yes counts, and by more there is no such request', async ({
  sandbox,
}) => {
  const { server, target } = await waiting(sandbox, 'other clocks')
  onTestFinished(() => void vi.useRealTimers())
  for (const by of [11, -11]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by * minute })
    // As a terminal sees it whose clock is wrong: it also sweeps what is over for it.
    const before = readdirSync(join(server.stateDir, 'pending')).length
    expect(await inTerminal(server.stateDir, target.code)).toMatch(noSuchCall)
    vi.useRealTimers()
    expect(before).toBe(1)
    rmSync(join(server.stateDir, 'pending'), { recursive: true })
    expect(codeIn(await target.callAgain())).not.toBe('')
  }
  const code = codeIn(await target.callAgain())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 9 * minute })
  expect(await inTerminal(server.stateDir, code)).toContain('Approved: ')
  vi.useRealTimers()
  expect(await sentWith(sandbox, target.title)).toBe(0)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
})
