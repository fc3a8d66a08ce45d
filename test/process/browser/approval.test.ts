import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { findCall, listCalls } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import { codeIn, linkIn, programTest as test } from '../../support/browser/program/program.ts'
import { processEnvironment } from '../../support/command-line/program.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { pty, TerminalSession } from '../../support/consent/terminal.ts'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// A person with a browser, a client that cannot ask them, and the built program between the two.

/** Looks at the page again and again, as a person does, until the call has run. */
const expectRun = (page: Page): Promise<void> =>
  expect
    .poll(
      async () => {
        await press(page, 'Look again')
        return stateOn(page)
      },
      { timeout: 30_000 },
    )
    .toMatch(/^Run .+ UTC, approved on the approval page\. It was sent, and Qualys took it\.$/)

test('the link shows everything, and gives no right to decide', async ({ serve, open, sandbox, effects }) => {
  const program = await serve({ client: 'sdk 1.x' })
  const hosts = (await sandbox.control.dump('assets')).slice(0, 25)
  const scripts = await sandbox.control.dump('scripts')
  const script = scripts.find(({ id }) => id === 19218)
  const content = Buffer.from(String(script?.['content']), 'base64').toString('utf8')
  const told = await program.ask({ ...run, assetIds: hosts.map(({ id }) => id) })
  expect(told.isError).toBe(true)
  const link = linkIn(told)
  const { page, traffic } = await open()
  await page.goto(link)
  expect(await stateOn(page)).toMatch(/^Waiting for a decision until /)
  const rows = await page.locator('tbody tr').allInnerTexts()
  expect(rows).toHaveLength(25)
  for (const [at, { id, name }] of hosts.entries())
    expect(rows[at]?.split('\t').slice(0, 2)).toEqual([String(id), name])
  const lines = await page.locator('ol.code li').allInnerTexts()
  expect(lines.map((line) => line.replace('\n', ''))).toEqual(content.trimEnd().split('\r\n'))
  expect(await page.evaluate("getComputedStyle(document.querySelector('ol.code')).listStyleType")).toBe(
    'bare',
  )

  expect(await page.getByRole('button').allInnerTexts()).toEqual([])
  expect(await page.locator('#decide ~ p').first().innerText()).toBe(
    'You came by the link, which gives the right to read this request and not to decide it.',
  )
  expect(traffic.errors).toEqual([])
  const { origin, pathname } = new URL(link)
  const forged: readonly (readonly [path: string, fields: object])[] = [
    [pathname, { decision: 'approve' }],
    [pathname, { decision: 'decline' }],
    [pathname, { decision: 'approve', token: `${Date.now() + 60_000}.${'A'.repeat(43)}`, by: 'page key' }],
    [pathname, { decision: 'approve', key: 'A'.repeat(43) }],
    ['/open', { path: pathname, key: 'A'.repeat(43), decision: 'approve' }],
    ['/waiting', { key: '' }],
  ]
  for (const [path, fields] of forged)
    expect(
      await page.evaluate(
        `fetch(${JSON.stringify(path)}, { method: 'POST', body: new URLSearchParams(${JSON.stringify(fields)}) })
          .then(({ status }) => status)`,
      ),
      path,
    ).toBe(403)
  expect(findCall(program.stateDir, codeIn(link))?.state).toBe('pending')
  expect(await effects()).toBe(0)
  expect(traffic.outside(origin)).toEqual([])
})

test('the program opens the page itself: Approve runs the call that waits, once', async ({
  serve,
  open,
  effects,
}) => {
  const program = await serve({ hasScreen: true })
  const told = program.askUntilDecided()
  const file = await program.desktop.next()
  const { page, traffic } = await open()
  await page.goto(file)
  await page.waitForURL(/^http:\/\/localhost:\d+\/open$/)
  expect(existsSync(file.replace('file://', ''))).toBe(false)
  expect(await effects()).toBe(0)
  const key = await page.locator('input[name=key]').first().inputValue()
  expect(key).toMatch(/^[\w-]{43}$/)
  await press(page, 'Approve')
  expect(await told).toMatchObject({ isError: false, text: expect.stringMatching(/ started, /) })
  expect(await effects()).toBe(1)
  await expectRun(page)
  // The address is that of everybody, and nothing that an assistant reads holds the key.
  expect(page.url()).toMatch(/\/approve\/[2-9A-Z]{4}-[2-9A-Z]{4}$/)
  expect((await told).text).not.toContain(key)
  for (const name of readdirSync(program.stateDir, { recursive: true, withFileTypes: true }))
    if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), 'utf8')).not.toContain(key)
  expect(traffic.errors).toEqual([])
  expect(await effects()).toBe(1)
})

test('Decline is told to the call that waits, and nothing is sent', async ({ serve, open, effects }) => {
  const program = await serve({ hasScreen: true, client: 'client 2.x, 2025 era' })
  const told = program.askUntilDecided()
  const { page } = await open()
  await page.goto(await program.desktop.next())
  await press(page, 'Decline')
  expect(await stateOn(page)).toMatch(/^Declined on the approval page, .+ UTC\. Nothing was sent\.$/)
  expect(await told).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^A person said no on the approval page, so nothing was sent\./),
  })
  expect(await effects()).toBe(0)
})

test.skipIf(!pty)(
  '`approve CODE --page` opens the page with the right to decide',
  async ({ serve, open, effects }) => {
    if (!pty) throw new Error('there is no terminal')
    const program = await serve()
    const code = codeIn(linkIn(await program.ask()))
    const env = processEnvironment({ ...program.environment, ...program.desktop.environment })
    const terminal = new TerminalSession(pty, ['approve', code, '--page'], env)
    onTestFinished(() => terminal.kill())
    const { page } = await open()
    await page.goto(await program.desktop.next())
    await press(page, 'Approve')
    expect(await terminal.ended, terminal.screen).toBe(0)
    expect(terminal.screen).toContain('\nApproved: ')
    expect(await effects()).toBe(0)
    expect(await program.ask()).toMatchObject({ isError: false })
    expect(await effects()).toBe(1)
  },
)

test('a client that opens addresses gets one with the page key; that it was opened is no yes', async ({
  serve,
  open,
  effects,
}) => {
  const { environment, stateDir } = await serve()
  const server = new RawServer(environment)
  onTestFinished(async () => void (await server.finish()))
  let question: Message | undefined
  server.onRequest = (message) => {
    question = message
  }
  await server.line('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: { url: {} } },
    clientInfo: { name: 'window', version: '1' },
  })
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  const answer = server.call(execute, run)
  await expect.poll(() => question?.params, { timeout: 30_000 }).toMatchObject({ mode: 'url' })
  const { page } = await open()
  await page.goto(String(question?.params?.['url']))
  server.send({ jsonrpc: '2.0', id: question?.id, result: { action: 'accept' } })
  // The server answers in order: it has read the answer of the client by then.
  await server.line('tools/list')
  expect(listCalls(stateDir).map(({ state }) => state)).toEqual(['pending'])
  expect(await effects()).toBe(0)
  await press(page, 'Approve')
  expect((await answer).result).not.toHaveProperty('isError')
  await expectRun(page)
  expect(await effects()).toBe(1)
})
