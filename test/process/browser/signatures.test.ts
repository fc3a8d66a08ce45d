import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { addAuthenticator } from '../../support/browser/authenticator.ts'
import { addPasskey, press, stateOn } from '../../support/browser/person.ts'
import { changeLog, signatureIn, withOtherByte } from '../../support/browser/program/audit-log.ts'
import { linkIn, programTest as test } from '../../support/browser/program/program.ts'
import { runProgram } from '../../support/command-line/program.ts'
import { run } from '../../support/consent/calls.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'

// A person approves with a passkey, which is made on the page of the built program.

const signed = (page: Page): Promise<void> =>
  expect.poll(() => stateOn(page), { timeout: 30_000 }).toMatch(/^(?:Approved|Run)/)

test('a passkey is made on the page, approves there and by a link alone, and the audit log proves it', async ({
  serve,
  open,
  effects,
}) => {
  const folder = temporaryFolder()
  const [keys, log] = [join(folder, 'passkeys.json'), join(folder, 'audit.jsonl')]
  const settings = { QUALYS_PASSKEY_FOR: 'execute', QUALYS_PASSKEYS_FILE: keys, QUALYS_AUDIT_FILE: log }
  const withScreen = await serve({ settings, hasScreen: true })
  const { page, traffic } = await open()
  const authenticator = await addAuthenticator(page)

  const told = withScreen.askUntilDecided()
  await page.goto(await withScreen.desktop.next())
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  await addPasskey(page, 'Anna Berg')
  expect(await authenticator.keys()).toHaveLength(1)
  expect(JSON.parse(readFileSync(keys, 'utf8')).passkeys).toMatchObject([
    { person: 'Anna Berg', label: "Anna Berg's phone", rpId: 'localhost' },
  ])
  await press(page, 'Requests')
  await press(page, 'Run a script on hosts (execute): 1 host, 1 script')
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0)
  await press(page, 'Approve with a passkey')
  await signed(page)
  expect(await stateOn(page)).toContain('by Anna Berg with a passkey')
  expect(await told).toMatchObject({ isError: false })
  expect(await effects()).toBe(1)

  // Another process, whose link carries no right: the signature says who approves.
  const other = await serve({ settings })
  const asked = await other.ask({ ...run, description: 'another' })
  expect(asked.text).toContain('(only a passkey on the approval page counts)')
  await page.goto(linkIn(asked))
  expect(await page.getByRole('button').allInnerTexts()).toEqual(['Approve with a passkey'])
  await press(page, 'Approve with a passkey')
  await signed(page)
  expect(await other.ask({ ...run, description: 'another' })).toMatchObject({ isError: false })
  expect(await effects()).toBe(2)
  expect(traffic.errors).toEqual([])

  await Promise.all([withScreen.close(), other.close()])
  const verify = (...flags: string[]) => runProgram(['audit', 'verify', log, ...flags])
  expect(await verify('--passkeys', keys)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/intact$/m),
  })
  const list = await runProgram(['audit', 'show', log])
  const id = / {2}([0-9a-f]{16}) {2}car_execute_script/.exec(list.stdout)?.[1] ?? ''
  expect((await runProgram(['audit', 'show', log, id])).stdout).toContain('Anna Berg')

  const [whole, signature] = [readFileSync(log, 'utf8'), signatureIn(log)]
  const change = [signature, withOtherByte(signature)] as const
  changeLog(log, change, { isRewritten: false })
  expect(await verify()).toMatchObject({ code: 1 })
  changeLog(log, [change[1], change[0]], { isRewritten: false })
  expect(readFileSync(log, 'utf8')).toBe(whole)
  // Whoever owns the file can make its hashes anew, and no signature.
  changeLog(log, change, { isRewritten: true })
  expect(await verify()).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/its signature proves nothing: .+\n.+: 1 finding\n$/),
  })
})
