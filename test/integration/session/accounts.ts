import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { type Assistant, openAssistantOn, type ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { SandboxRequest, TestSandbox } from '../../support/sandbox.ts'

// Settings for the two products, and which of them works with them.

/** A sandbox, and a folder for token files. */
export interface Place {
  readonly sandbox: TestSandbox
  readonly folder: string
}

export const test = testOn({ jobs: 100 }).extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'qualys-accounts-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})

/** A file with a token, or with this content. */
export async function tokenFile({ sandbox, folder }: Place, text?: string): Promise<string> {
  const { gatewayUrl, username, password } = sandbox
  const body = new URLSearchParams({ username, password, token: 'true' })
  const token = text ?? (await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text())
  await sandbox.control.clearRequests()
  const path = join(folder, `jwt-${Math.random()}`)
  await writeFile(path, token, { mode: 0o600 })
  return path
}

export const nobody: Environment = { QUALYS_USERNAME: undefined, QUALYS_PASSWORD: undefined }
export const wrongPassword: Environment = { QUALYS_PASSWORD: 'not the password' }
export const client = ({ clientId, clientSecret }: TestSandbox): Environment => ({
  QUALYS_CLIENT_ID: clientId,
  QUALYS_CLIENT_SECRET: clientSecret,
})
export const wrongClient = (sandbox: TestSandbox): Environment => ({
  ...client(sandbox),
  QUALYS_CLIENT_SECRET: 'not the secret',
})

const atGateway = ({ path }: SandboxRequest): boolean => path.startsWith('/sm/')
export const atApi = ({ path }: SandboxRequest): boolean => path.startsWith('/qps/')
export const isLogin = ({ path }: SandboxRequest): boolean => path.startsWith('/auth')
export const schemes = (requests: readonly SandboxRequest[]): string[] =>
  requests.map(({ headers }) => headers['authorization']?.split(' ')[0] ?? 'none')
export const car = (there: Assistant): Promise<ToolReply> => there.call('car_list_script_types')
export const saq = (there: Assistant): Promise<ToolReply> => there.call('saq_count_users')

/** The settings, and whether each product works with them, or the error of SAQ. */
export type AccountCase = readonly [
  name: string,
  environment: (place: Place) => Environment | Promise<Environment>,
  car: boolean,
  saq: boolean | RegExp,
]

const refused = /^SAQ refuses user name and password at /

export const accountCases: readonly AccountCase[] = [
  ['user name and password', () => ({}), true, true],
  ['a client as well', ({ sandbox }) => client(sandbox), true, true],
  ['a wrong client, and the password', ({ sandbox }) => wrongClient(sandbox), false, true],
  [
    'a client, and a wrong password',
    ({ sandbox }) => ({ ...client(sandbox), ...wrongPassword }),
    true,
    refused,
  ],
  [
    'a wrong client, and a wrong password',
    ({ sandbox }) => ({ ...wrongClient(sandbox), ...wrongPassword }),
    false,
    refused,
  ],
  ['a wrong password alone', () => wrongPassword, false, refused],
  [
    'a client alone',
    ({ sandbox }) => ({ ...client(sandbox), ...nobody }),
    true,
    /SAQ got the token.*ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD/,
  ],
  [
    'a client, and a user name alone',
    ({ sandbox }) => ({ ...client(sandbox), QUALYS_PASSWORD: undefined }),
    true,
    /set QUALYS_USERNAME and QUALYS_PASSWORD/,
  ],
  [
    'a wrong client alone',
    ({ sandbox }) => ({ ...wrongClient(sandbox), ...nobody }),
    false,
    /refuses the login/,
  ],
  [
    'a token file alone',
    async (place) => ({ ...nobody, QUALYS_TOKEN_FILE: await tokenFile(place) }),
    true,
    /SAQ got the token.*QUALYS_USERNAME and QUALYS_PASSWORD/,
  ],
  [
    'a token file, and the password',
    async (place) => ({ QUALYS_TOKEN_FILE: await tokenFile(place) }),
    true,
    true,
  ],
  [
    'a token file, and a wrong password',
    async (place) => ({ ...wrongPassword, QUALYS_TOKEN_FILE: await tokenFile(place) }),
    true,
    refused,
  ],
  [
    'an invalid token, and the password',
    async (place) => ({ QUALYS_TOKEN_FILE: await tokenFile(place, 'eyJhbGciOiJIUzUxMiJ9.e30.c2ln') }),
    false,
    true,
  ],
  [
    'a token file that is not there, and the password',
    ({ folder }) => ({ QUALYS_TOKEN_FILE: join(folder, 'nothing') }),
    false,
    true,
  ],
  ['half a client, and the password', () => ({ QUALYS_CLIENT_ID: 'half' }), true, true],
]

export type Order = 'car first' | 'saq first' | 'both at once'

/**
 * Each product works or fails by itself, whichever is called first, and nothing is sent more often than necessary.
 */
export async function expectOutcome(
  [, environment, carWorks, saqWorks]: AccountCase,
  order: Order,
  place: Place,
): Promise<void> {
  const { sandbox } = place
  const there = await openAssistantOn(sandbox, {
    QUALYS_MAX_WAIT_SECONDS: '0',
    ...(await environment(place)),
  })
  const calls = order === 'saq first' ? [saq, car] : [car, saq]
  const replies: ToolReply[] = []
  if (order === 'both at once') replies.push(...(await Promise.all(calls.map((call) => call(there)))))
  else for (const call of calls) replies.push(await call(there))
  await there.close()
  const [ofCar, ofSaq] = order === 'saq first' ? replies.toReversed() : replies
  expect(ofCar?.isError, ofCar?.text).toBe(!carWorks)
  expect(ofSaq?.isError, ofSaq?.text).toBe(saqWorks !== true)
  if (saqWorks instanceof RegExp) expect(ofSaq?.text).toMatch(saqWorks)
  for (const { isError, error } of replies) if (isError) expect(error).toMatchObject({ kind: 'setup' })
  const requests = await sandbox.control.requests()
  // A refused token is replaced once; nothing else is sent twice.
  const byToken = schemes(requests.filter(atApi)).includes('Bearer')
  expect(requests.filter(atApi).length).toBeLessThanOrEqual(byToken ? 2 : 1)
  expect(requests.filter(isLogin).length).toBeLessThanOrEqual(byToken ? 2 : 1)
  expect(requests.filter(atGateway).length).toBeLessThanOrEqual(2)
}
