import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { addAuthenticator } from '../../support/browser/authenticator.ts'
import { holdKey, offeredAt, offeredOn, sendSignature } from '../../support/browser/keys.ts'
import { signWithPasskey } from '../../support/browser/passkey-calls.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import {
  askerId,
  commandAs,
  connectAs,
  copyProgram,
  hasUsers,
  inShell,
  ownerId,
  ownFolder,
} from '../../support/browser/program/other-user.ts'
import { codeIn, linkIn, programTest } from '../../support/browser/program/program.ts'
import { logIn, openPageService } from '../../support/browser/program/service.ts'
import { processEnvironment } from '../../support/command-line/program.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { call, connectClient, yes } from '../../support/consent/clients.ts'
import { pty, TerminalSession } from '../../support/consent/terminal.ts'
import { environmentFor } from '../../support/environment.ts'
import { postForm } from '../../support/page/local.ts'
import { pinned, softwareKey } from '../../support/passkeys/software-key.ts'
import { tokenOf } from '../../support/service/callers.ts'
import { generations, textOf } from '../../support/stdio/peers.ts'

// The set-ups of docs/consent-and-limits.md ("Passkeys"): what each stops, and what it does not.

const origin = 'http://localhost:1'
const annas = softwareKey()
const mallorys = softwareKey()
const fileOf = (...keys: readonly object[]): string => JSON.stringify({ passkeys: keys })
const annasLine = pinned(annas, { person: 'anna', rpId: 'localhost', origin })
const mallorysLine = pinned(mallorys, { person: 'anna', rpId: 'localhost', origin })

/** A program signs with a key of its own, as if it were the page of the link. */
async function signAsMallory(link: string) {
  const { options, token } = await offeredAt(link)
  const page = { origin: new URL(link).origin, rpId: 'localhost', counter: 1 }
  return sendSignature(link, token, mallorys.assert({ challenge: options.challenge, ...page }))
}

const test = programTest.extend<{ readonly keysFile: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  keysFile: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-keys-'))
    const file = join(folder, 'passkeys.json')
    writeFileSync(file, fileOf(annasLine))
    await use(file)
    rmSync(folder, { recursive: true })
  },
})

describe('(a) stdio, everything owned by one user', () => {
  const settingsFor = (keysFile: string) => ({
    QUALYS_PASSKEY_FOR: 'execute',
    QUALYS_PASSKEYS_FILE: keysFile,
  })

  test('stops a client that answers for the person', async ({ sandbox, keysFile, effects }) => {
    await sandbox.control.reset()
    const connect = generations['client 2.x, 2025 era']
    if (!connect) throw new Error('there is no client')
    const client = await connectClient(connect, sandbox, settingsFor(keysFile), 'forms')
    onTestFinished(client.close)
    client.answer = async () => yes
    expect(textOf(await client.peer.callTool(call))).toContain('(only a passkey on the approval page counts)')
    expect(client.questions).toEqual([])
    expect(await effects()).toBe(0)
  })

  test('stops a model that has the link and drives the browser of the person', async ({
    serve,
    open,
    keysFile,
    effects,
  }) => {
    const program = await serve({ settings: settingsFor(keysFile) })
    const link = linkIn(await program.ask())
    const { page } = await open()
    // The key is there; the finger is not.
    const authenticator = await holdKey(page, annas)
    await authenticator.setUserVerified(false)
    await page.goto(link)
    await press(page, 'Approve with a passkey')
    await page.getByText('The passkey was not used').waitFor()
    const { token } = await offeredOn(page)
    const posted = { decision: 'approve', token }
    await page.evaluate(
      `fetch(location.pathname, { method: 'POST', body: new URLSearchParams(${JSON.stringify(posted)}) })`,
    )
    expect(findCall(program.stateDir, codeIn(link))?.state).toBe('pending')
    expect(await effects()).toBe(0)
  })

  test('does not stop a shell of that user, which adds a key of its own', async ({
    serve,
    keysFile,
    effects,
  }) => {
    const program = await serve({ settings: settingsFor(keysFile) })
    const link = linkIn(await program.ask())
    expect(await signAsMallory(link)).toMatchObject({ status: 403 })
    writeFileSync(keysFile, fileOf(annasLine, mallorysLine))
    expect(await signAsMallory(link)).toEqual({ status: 200 })
    expect(await program.ask()).toMatchObject({ isError: false })
    expect(await effects()).toBe(1)
  })
})

test.runIf(process.env['CI'] !== undefined)('programs of other users can be run here', () => {
  expect(hasUsers).toBe(true)
})

describe.skipIf(!hasUsers)('(b) keys, settings and password owned by another user', () => {
  test('stops a shell of the person who asks, and lets the person approve', async ({
    sandbox,
    open,
    effects,
  }) => {
    await sandbox.control.reset()
    const folder = mkdtempSync(join(tmpdir(), 'qualys-users-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const main = copyProgram(folder)
    const [owned, stateDir] = [ownFolder(folder, 'owned', ownerId), ownFolder(folder, 'state', ownerId)]
    // Readable for all, as `passkey list` of the asker would need it, and for nobody else to write.
    chmodSync(owned, 0o755)
    const [keys, password, log] = [
      join(owned, 'passkeys.json'),
      join(owned, 'password'),
      join(stateDir, 'log'),
    ]
    for (const [path, text, mode] of [
      [keys, fileOf(annasLine), 0o644],
      [password, sandbox.password, 0o600],
    ] as const) {
      writeFileSync(path, text, { mode })
      chownSync(path, ownerId, ownerId)
    }
    const { QUALYS_PASSWORD: _, ...account } = environmentFor(sandbox)
    const client = await connectAs(ownerId, main, {
      ...processEnvironment(account),
      QUALYS_PASSWORD_FILE: password,
      QUALYS_STATE_DIR: stateDir,
      QUALYS_PASSKEY_FOR: 'execute',
      QUALYS_PASSKEYS_FILE: keys,
      QUALYS_AUDIT_FILE: log,
    })
    const link = linkIn(await client.ask())
    const pending = join(stateDir, 'pending')
    const [waiting = ''] = readdirSync(pending)
    expect(waiting).toMatch(/\.pending$/)

    const home = ownFolder(folder, 'asker', askerId)
    const added = join(home, 'passkeys.json')
    writeFileSync(added, fileOf(annasLine, mallorysLine), { mode: 0o644 })
    const approved = join(pending, waiting.replace(/pending$/, 'approved'))
    const before = readFileSync(keys, 'utf8')
    const owners = await inShell(ownerId, `test -w ${keys} -a -w ${pending} && cat ${password}`)
    expect(owners).toEqual({ code: 0, output: sandbox.password })
    for (const lines of [
      `cat ${added} > ${keys}`,
      `cp --force ${added} ${keys}`,
      `mv --force ${added} ${keys}`,
      `ln --symbolic --force ${added} ${keys}`,
      `rm --force ${keys}`,
      `chmod 666 ${keys}`,
      `mv ${owned} ${folder}/moved`,
      `ls ${stateDir}`,
      `cp ${added} ${approved}`,
      `cat ${password}`,
      `cat /proc/${client.pid}/environ`,
      `cat /proc/${client.pid}/mem`,
      `kill -USR1 ${client.pid}`,
      `kill ${client.pid}`,
    ]) {
      const { code, output } = await inShell(askerId, lines)
      expect({ lines, failed: code !== 0 }, output).toEqual({ lines, failed: true })
      expect(output).not.toContain(sandbox.password)
    }
    expect(readFileSync(keys, 'utf8')).toBe(before)
    expect(statSync(keys).uid).toBe(ownerId)

    // Programs of the asker: with their own keys, and as the page.
    const own = { QUALYS_PASSKEYS_FILE: added, QUALYS_STATE_DIR: home, HOME: home }
    const listed = await inShell(askerId, `${process.execPath} ${main} passkey list`, own)
    expect(listed.output.match(/^\S+ +anna /gm), listed.output).toHaveLength(2)
    expect(await signAsMallory(link)).toMatchObject({
      status: 403,
      error: expect.stringMatching(/^This passkey is not in the file of passkeys/),
    })
    if (pty) {
      const command = commandAs(askerId, process.execPath, main)
      const terminal = new TerminalSession(
        pty,
        ['approve', codeIn(link), '--state-dir', stateDir],
        { PATH: process.env['PATH'] ?? '', HOME: home },
        command,
      )
      onTestFinished(() => terminal.kill())
      expect(await terminal.ended, terminal.screen).toBe(2)
    }
    expect(readdirSync(pending)).toEqual([waiting])
    expect(await effects()).toBe(0)

    const { page } = await open()
    await holdKey(page, annas)
    await page.goto(link)
    await press(page, 'Approve with a passkey')
    await expect.poll(() => stateOn(page), { timeout: 30_000 }).toMatch(/^Approved by anna with a passkey/)
    expect(await client.ask()).toMatchObject({ isError: false })
    expect(await effects()).toBe(1)
  })
})

describe('(c) the service on another machine', () => {
  test('stops whoever holds a token from approving their own call, with a key of their own too', async ({
    sandbox,
    open,
    effects,
  }) => {
    await sandbox.control.reset()
    const callers = {
      ada: { role: 'operator', person: 'Ada' },
      eve: { role: 'approver', person: 'Eve' },
    } as const
    const service = await openPageService(sandbox, callers, { QUALYS_PASSKEY_FOR: 'execute' })
    const ada = service.client('ada')
    const link = linkIn(await ada.call(execute, run))
    const { page } = await open()
    await addAuthenticator(page)
    await page.goto(link)
    await logIn(page, 'ada')
    await page.getByText('Only callers with the role approver decide calls').waitFor()
    expect(await page.getByRole('button', { name: /Approve|Decline/ }).count()).toBe(0)
    // They may register a key; it decides nothing.
    await page.goto(`${service.origin}/passkeys`)
    await press(page, 'Add a passkey')
    await page.getByRole('rowheader', { name: 'Ada' }).waitFor()
    const digest = findCall(service.folder, codeIn(link))?.digest ?? ''
    const assertion = await signWithPasskey(page, { challenge: challengeOf(digest), rpId: 'localhost' })
    const path = new URL(link).pathname
    for (const [to, type, body] of [
      [path, 'application/x-www-form-urlencoded', 'decision=approve'],
      [`${path}/passkey`, 'application/json', JSON.stringify({ assertion, token: 'x' })],
    ] as const) {
      const sent = JSON.stringify({ method: 'POST', headers: { 'content-type': type }, body })
      const said = await page.evaluate(
        `fetch('${to}', ${sent}).then(async (answer) => [answer.status, await answer.text()])`,
      )
      expect(said).toEqual([403, expect.stringContaining('Only callers with the role approver decide calls')])
    }
    // The token itself opens nothing there.
    const bearer = { authorization: `Bearer ${tokenOf('ada')}` }
    const posted = await postForm(link, { decision: 'approve' }, bearer)
    expect(posted.status).toBe(403)
    expect(findCall(service.folder, codeIn(link))?.state).toBe('pending')
    expect(await effects()).toBe(0)
  })
})
