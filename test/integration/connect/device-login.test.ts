import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { clientId, openDeviceProvider } from '../../support/connect/device-provider.ts'
import { temporaryFolder } from '../../support/connect/folder.ts'
import { orderedClock } from '../../support/connect/ordered-clock.ts'
import { StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { listening } from '../../support/session/gateway.ts'

// A person logs in at a certified OpenID provider that the real service names.

const test = serviceTestOn().extend<{ parties: Parties }>({
  parties: async ({ serve }, use) => {
    const { port, close } = await listening(createServer())
    await close()
    const url = `http://localhost:${port}/mcp`
    const provider = await openDeviceProvider(url)
    onTestFinished(provider.close)
    await serve({
      callers: {},
      port,
      settings: {
        QUALYS_OIDC_ISSUER: provider.issuer,
        QUALYS_OIDC_AUDIENCE: url,
        QUALYS_OIDC_ROLES: JSON.stringify({ 'scope:qualys.read': 'viewer' }),
        QUALYS_PUBLIC_URL: `http://localhost:${port}`,
      },
    })
    await use({ url, provider, stateDir: temporaryFolder() })
  },
})

interface Parties {
  readonly url: string
  readonly provider: Awaited<ReturnType<typeof openDeviceProvider>>
  readonly stateDir: string
}

/** A client whose person takes so many milliseconds to decide. Only pauses between two questions to the issuer pass. */
function logIn({ url, provider, stateDir }: Parties, answer: 'yes' | 'no', afterMs = 0): StdioClient {
  let mayPass = afterMs > 0
  const clock = orderedClock((ms) => mayPass && ms < 30_000)
  const client = new StdioClient(url, { clientId, stateDir, clock })
  client.onAnnounced = async (sentence) => {
    while (clock.now() < afterMs) await new Promise(setImmediate)
    await provider.decide(/enter the code (\S+)\./.exec(sentence)?.[1] ?? '', answer)
    mayPass = true
  }
  return client
}

const storedIn = (stateDir: string): string =>
  readdirSync(join(stateDir, 'connect'))
    .map((name) => readFileSync(join(stateDir, 'connect', name), 'utf8'))
    .join()

test('a login lets the requests in that wait for it, and the next start needs none', async ({ parties }) => {
  const client = logIn(parties, 'yes')
  expect((await client.initialize()).result).toMatchObject({ serverInfo: { name: 'qualys-mcp' } })
  expect(textOf(await client.call('car_list_script_types'))).not.toBe('')
  expect(client.announced).toEqual([
    expect.stringMatching(
      /^Log in: open http:\/\/127\.0\.0\.1:\d+\/device \(or http:\/\/127\.0\.0\.1:\d+\/device\?user_code=\S+\) in a browser within 10 min and enter the code \S+\.$/,
    ),
  ])
  const next = new StdioClient(parties.url, { clientId, stateDir: parties.stateDir })
  expect((await next.initialize()).result).toBeDefined()
  expect(next.announced).toEqual([])
  const { accessToken, refreshToken } = JSON.parse(storedIn(parties.stateDir))
  for (const token of [accessToken, refreshToken]) {
    expect(token).toEqual(expect.any(String))
    expect(JSON.stringify([client.messages, client.log, client.announced, next.log])).not.toContain(token)
  }
})

test('an access token that ends is renewed without a person', async ({ parties }) => {
  const client = logIn(parties, 'yes')
  await client.initialize()
  const first = storedIn(parties.stateDir)
  const later = () => Date.now() + 3_600_000
  const next = new StdioClient(parties.url, { clientId, stateDir: parties.stateDir, now: later })
  expect((await next.initialize()).result).toBeDefined()
  expect(next.announced).toEqual([])
  expect(JSON.parse(storedIn(parties.stateDir)).refreshToken).not.toBe(JSON.parse(first).refreshToken)
})

test('a call that waited for a person is not sent late', async ({ parties }) => {
  const client = logIn(parties, 'yes', 15_000)
  const call = { name: 'car_list_script_types' }
  expect(textOf(await client.currentRequest('tools/call', call))).toBe(
    'The login came too late for this call: make it again. Nothing was sent.',
  )
  expect(textOf(await client.currentRequest('tools/call', call))).not.toMatch(/Nothing was sent/)
})

test('a person who declines: the client is told, and is not let in', async ({ parties }) => {
  const client = logIn(parties, 'no')
  const { error } = await client.initialize()
  expect(error?.message).toMatch(
    /refuses the login \(access_denied\): the person declined it\. Nothing was sent\.$/,
  )
})

test('a client that the issuer does not know is named as the fault', async ({ parties }) => {
  const { url, stateDir } = parties
  const client = new StdioClient(url, { clientId: 'somebody', stateDir })
  expect((await client.initialize()).error?.message).toMatch(/invalid_client.*check QUALYS_CONNECT_CLIENT_ID/)
})
