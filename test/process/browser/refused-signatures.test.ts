import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { addAuthenticator } from '../../support/browser/authenticator.ts'
import { holdKey, offeredOn, sendSignature } from '../../support/browser/keys.ts'
import { signWithPasskey } from '../../support/browser/passkey-calls.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import { codeIn, linkIn, programTest, type ServedProgram } from '../../support/browser/program/program.ts'
import { serveSite } from '../../support/browser/site.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'
import { pty, TerminalSession } from '../../support/consent/terminal.ts'
import { pinned, type SoftwareKey, softwareKey } from '../../support/passkeys/software-key.ts'

// With QUALYS_PASSKEY_FOR, what is no yes: signatures that do not count, and every other way.

const origin = 'http://localhost:1'

interface SignatureFixtures {
  /** A program without a screen, with one passkey that counts. */
  readonly program: ServedProgram
  readonly key: SoftwareKey
  readonly keysFile: string
  /** The link to a call that waits. */
  readonly link: string
  readonly stateOfCall: () => string | undefined
}

const test = programTest.extend<SignatureFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  key: async ({}, use) => use(softwareKey()),
  keysFile: async ({ key }, use) => {
    const file = join(temporaryFolder(), 'passkeys.json')
    writeFileSync(
      file,
      JSON.stringify({ passkeys: [pinned(key, { person: 'anna', rpId: 'localhost', origin })] }),
    )
    await use(file)
  },
  program: async ({ serve, keysFile }, use) =>
    use(await serve({ settings: { QUALYS_PASSKEY_FOR: 'execute', QUALYS_PASSKEYS_FILE: keysFile } })),
  link: async ({ program }, use) => use(linkIn(await program.ask())),
  stateOfCall: async ({ program, link }, use) => use(() => findCall(program.stateDir, codeIn(link))?.state),
})

const refused = (error: RegExp) => ({ status: 403, error: expect.stringMatching(error) })

describe('a signature that does not count', () => {
  test('without a fingerprint or a PIN', async ({ link, open, key, stateOfCall, effects }) => {
    const { page } = await open()
    const authenticator = await holdKey(page, key)
    await authenticator.setUserVerified(false)
    await page.goto(link)
    await press(page, 'Approve with a passkey')
    await page.getByText('The passkey was not used').waitFor()
    // A page that does not insist on it gets one.
    const { options, token } = await offeredOn(page)
    const assertion = await signWithPasskey(page, { ...options, userVerification: 'discouraged' })
    expect(await sendSignature(link, token, assertion)).toEqual(
      refused(/^The passkey did not check who uses it, /),
    )
    expect(stateOfCall()).toBe('pending')
    expect(await effects()).toBe(0)
  })

  test('that a page on another port asked for', async ({ link, open, key, stateOfCall, effects }) => {
    const neighbour = await serveSite({ '/': '<!doctype html><title>Win a prize</title>' })
    onTestFinished(neighbour.close)
    const { page } = await open()
    await holdKey(page, key)
    await page.goto(link)
    const { options, token } = await offeredOn(page)
    await page.goto(neighbour.origin)
    const assertion = await signWithPasskey(page, options)
    expect(await sendSignature(link, token, assertion)).toEqual(
      refused(
        /^The passkey was used on the page at "http:\/\/localhost:\d+", which is not the page of this server: /,
      ),
    )
    expect(stateOfCall()).toBe('pending')
    expect(await effects()).toBe(0)
  })

  test('of a key that was taken out of the file between the signature and the run', async ({
    link,
    open,
    key,
    program,
    keysFile,
    stateOfCall,
    effects,
  }) => {
    const { page } = await open()
    await holdKey(page, key)
    await page.goto(link)
    await press(page, 'Approve with a passkey')
    await expect.poll(() => stateOn(page), { timeout: 30_000 }).toMatch(/^Approved by anna with a passkey/)
    const before = readFileSync(keysFile)
    const env = processEnvironment({ ...program.environment, QUALYS_PASSKEYS_FILE: keysFile })
    expect(await runProgram(['passkey', 'remove', 'anna'], env)).toMatchObject({ code: 0 })
    const told = await program.ask()
    expect(told).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^This passkey is not in the file of passkeys, or was removed from it: .+ Nothing was sent\./,
      ),
    })
    expect(await effects()).toBe(0)
    expect(stateOfCall()).not.toBe('used')
    // It was the key alone: with it, the person approves what the reply names.
    writeFileSync(keysFile, before)
    await page.goto(linkIn(told))
    await press(page, 'Approve with a passkey')
    await expect.poll(() => stateOn(page), { timeout: 30_000 }).toMatch(/^Approved by anna with a passkey/)
    expect(await program.ask()).toMatchObject({ isError: false })
    expect(await effects()).toBe(1)
  })

  test('of a key that the file does not hold, and none in a profile without a key', async ({
    link,
    open,
    stateOfCall,
    effects,
  }) => {
    const { page } = await open()
    await addAuthenticator(page)
    await page.goto(link)
    await press(page, 'Approve with a passkey')
    await page.getByText('The passkey was not used').waitFor()

    const stranger = softwareKey()
    const other = await open()
    await holdKey(other.page, stranger)
    await other.page.goto(link)
    const { options, token } = await offeredOn(other.page)
    const allowCredentials = [{ id: stranger.credentialId, type: 'public-key' }]
    const assertion = await signWithPasskey(other.page, { ...options, allowCredentials })
    expect(await sendSignature(link, token, assertion)).toEqual(
      refused(/^This passkey is not in the file of passkeys, /),
    )
    expect(stateOfCall()).toBe('pending')
    expect(await effects()).toBe(0)
  })

  test('whose counter went back, as that of a copied key', async ({
    serve,
    keysFile,
    open,
    key,
    effects,
  }) => {
    const program = await serve({
      settings: { QUALYS_PASSKEY_FOR: 'execute', QUALYS_PASSKEYS_FILE: keysFile },
    })
    const { page } = await open()
    const authenticator = await holdKey(page, key)
    await page.goto(linkIn(await program.ask()))
    await press(page, 'Approve with a passkey')
    await expect.poll(() => stateOn(page), { timeout: 30_000 }).toMatch(/^Approved/)
    expect(await program.ask()).toMatchObject({ isError: false })
    const [{ credentialId } = { credentialId: '' }] = await authenticator.keys()
    await authenticator.setSignCount(credentialId, 0)
    await page.goto(linkIn(await program.ask()))
    await press(page, 'Approve with a passkey')
    await page.getByText('The counter of the passkey stands at 1, but 2 was seen before').waitFor()
    expect(await stateOn(page)).toMatch(/^Waiting/)
    expect(await effects()).toBe(1)
  })
})

describe('every other way', () => {
  test('the page key: the page has no button for it, and takes no post of it', async ({
    serve,
    keysFile,
    open,
    effects,
  }) => {
    const program = await serve({
      settings: { QUALYS_PASSKEY_FOR: 'execute', QUALYS_PASSKEYS_FILE: keysFile },
      hasScreen: true,
    })
    program.ask().catch(() => undefined)
    const { page } = await open()
    await page.goto(await program.desktop.next())
    await page.getByRole('button', { name: 'Approve with a passkey' }).waitFor()
    expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)
    await page.evaluate("document.querySelector('button[value=decline]').value = 'approve'")
    await press(page, 'Decline')
    await page.getByRole('alert').getByText('Only a passkey counts as a yes to this request.').waitFor()
    expect(await stateOn(page)).toMatch(/^Waiting/)
    expect(await effects()).toBe(0)
  })

  test.skipIf(!pty)(
    'a terminal: it says that only a passkey counts',
    async ({ link, program, stateOfCall, effects }) => {
      if (!pty) throw new Error('there is no terminal')
      const words = ['approve', codeIn(link), '--state-dir', program.stateDir]
      const terminal = new TerminalSession(pty, words, { PATH: process.env['PATH'] ?? '' })
      onTestFinished(() => terminal.kill())
      expect(await terminal.ended, terminal.screen).toBe(2)
      expect(terminal.screen).toContain(
        `For this call only a passkey counts, and nothing was approved: open ${link} `,
      )
      expect(stateOfCall()).toBe('pending')
      expect(await effects()).toBe(0)
    },
  )
})
