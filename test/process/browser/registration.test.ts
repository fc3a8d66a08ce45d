import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished } from 'vitest'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { addAuthenticator } from '../../support/browser/authenticator.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { addPasskey, press } from '../../support/browser/person.ts'
import { openDesktop } from '../../support/browser/program/desktop.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'
import { pty, TerminalSession } from '../../support/consent/terminal.ts'
import { localFixture } from '../../support/page/local.ts'

// A person makes passkeys on the page, with the authenticator of Chromium.

/** The page of passkeys, whose file is in a folder of its own. */
async function openPage({ mayWrite = true } = {}) {
  const stateDir = temporaryFolder()
  const path = join(stateDir, 'passkeys.json')
  const passkeys = openPasskeys({ path, stateDir })
  const { page } = localFixture({ passkeys: { ...passkeys, ...(!mayWrite && { mayWrite: () => false }) } })
  const link = new URL(await page.keyLinkFor(''))
  link.pathname = '/waiting'
  return { link: link.href, path, people: () => passkeys.list().map(({ person }) => person) }
}

test.skipIf(!pty)(
  '`passkey add NAME` opens the page for that person, and ends when the key is made',
  async ({ open }) => {
    if (!pty) throw new Error('there is no terminal')
    const folder = temporaryFolder()
    const desktop = openDesktop(folder)
    const file = join(folder, 'passkeys.json')
    const env = {
      ...desktop.environment,
      QUALYS_STATE_DIR: join(folder, 'state'),
      QUALYS_PASSKEYS_FILE: file,
    }
    const terminal = new TerminalSession(pty, ['passkey', 'add', 'Anna Berg'], env)
    onTestFinished(() => terminal.kill())
    const { page } = await open()
    await addAuthenticator(page)
    await page.goto(await desktop.next())
    expect(await page.getByLabel('Person').inputValue()).toBe('Anna Berg')
    await press(page, 'Add a passkey')
    await page.getByRole('rowheader', { name: 'Anna Berg' }).waitFor()
    expect(await terminal.ended, terminal.screen).toBe(0)
    expect(terminal.screen).toMatch(
      /\nAdded: "[^"]+" of "Anna Berg", for pages of localhost\. It counts at once/,
    )
    expect(JSON.parse(readFileSync(file, 'utf8')).passkeys).toMatchObject([{ person: 'Anna Berg' }])
  },
)

test('the second key of a person is signed by the first one', async ({ open }) => {
  const { link, people } = await openPage()
  const { page } = await open()
  const authenticator = await addAuthenticator(page)
  await page.goto(link)
  await addPasskey(page, 'Anna Berg')
  const [old] = await authenticator.keys()
  if (!old) throw new Error('There is no key.')

  // One key of a page is enough for a device.
  await page.getByLabel('Person').fill('Anna Berg')
  await press(page, 'Add a passkey')
  await page.getByText('This device holds a passkey for this page already.').waitFor()

  // Another device has none, and the old one is not at hand.
  await authenticator.remove(old.credentialId)
  await press(page, 'Add a passkey')
  await page.getByText('The passkey was not used').waitFor()
  expect(people()).toEqual(['Anna Berg'])

  // The old one is brought as soon as the page asks for its signature.
  for (const { credentialId } of await authenticator.keys()) await authenticator.remove(credentialId)
  await page.route('**/passkeys/add', async (route) => {
    const response = await route.fetch()
    await authenticator.remove(old.credentialId).catch(() => undefined)
    await authenticator.add(old)
    await route.fulfill({ response })
  })
  await press(page, 'Add a passkey')
  await expect.poll(() => page.getByRole('rowheader', { name: 'Anna Berg' }).count()).toBe(2)
  expect(people()).toEqual(['Anna Berg', 'Anna Berg'])
})

describe('a file that this server may not write', () => {
  test('gets the line that the page shows, by the hand of the operator', async ({ open }) => {
    const { link, path, people } = await openPage({ mayWrite: false })
    const { page, traffic } = await open()
    await addAuthenticator(page)
    await page.goto(link)
    await press(page, 'Passkeys')
    await page.getByLabel('Person').fill('Anna Berg')
    await press(page, 'Add a passkey')
    await page.getByRole('heading', { name: 'The passkey is made, and does not count yet' }).waitFor()
    expect(people()).toEqual([])
    const line = await page.locator('#line').innerText()
    writeFileSync(path, `{"passkeys": [\n${line}\n]}`)
    expect(people()).toEqual(['Anna Berg'])
    await press(page, 'Requests')
    await press(page, 'Passkeys')
    await page.getByRole('rowheader', { name: 'Anna Berg' }).waitFor()
    expect(traffic.errors).toEqual([])
  })
})

test('without a fingerprint or a PIN no key is made', async ({ open }) => {
  const { link, people } = await openPage()
  const { page } = await open()
  await addAuthenticator(page, { userVerification: false })
  await page.goto(link)
  await press(page, 'Passkeys')
  await page.getByLabel('Person').fill('Anna Berg')
  await press(page, 'Add a passkey')
  await page.getByText('The passkey was not used').waitFor()
  expect(people()).toEqual([])
})
