import { describe, expect } from 'vitest'
import { RequestStateIssuer } from '../../../../src/tools/effects/approval/form/request-state.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { approveCode } from '../../../support/approvals/decisions.ts'
import { decideWithKey } from '../../../support/approvals/local-person.ts'
import {
  type LocalOptions,
  type LocalServer,
  noWait,
  openLocalServer,
} from '../../../support/approvals/local-server.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { connect, forms, temporaryFolder, yes } from '../../../support/consent/raw-client.ts'
import { clone, cloneOf, codeIn, sentWith } from '../../../support/forged/attacks.ts'
import type { TestSandbox } from '../../../support/sandbox.ts'
import { openTestService } from '../../../support/service/service.ts'

// Answers of clients that no person gave to exactly this question: states that are forged, of another call, caller or
// process, used or expired, and addresses whose opening is passed off as a yes (2026-07-28, over stdio and HTTP).

type Json = Readonly<Record<string, unknown>>

/** A client, and what a person does elsewhere. */
interface Opened {
  readonly client: Asking
  readonly approve: (code: string) => Promise<unknown>
}

/** A client of 2026-07-28 over either transport. */
interface Asking {
  readonly call: (
    name: string,
    args: object,
    more?: Json,
  ) => Promise<{ readonly result?: Json | undefined; readonly isError: boolean; readonly text: string }>
}

const stateOf = ({ result }: { readonly result?: Json | undefined }): string =>
  String(result?.['requestState'])

/** Makes a call with an answer and a state from any source. */
const answer = (
  client: Asking,
  title: string,
  requestState: unknown,
  inputResponses: Json = { approval: yes },
) => client.call(clone, cloneOf(title), { requestState, inputResponses })

const ask = (client: Asking, title: string) => client.call(clone, cloneOf(title))

const asking = (client: Asking): Asking => ({ call: (name, args, more) => client.call(name, args, more) })

const clientsOf: Readonly<Record<string, (sandbox: TestSandbox) => Promise<Asking>>> = {
  stdio: async (sandbox) => asking(await connect(sandbox, 'modern')),
  HTTP: async (sandbox) => asking((await openTestService(sandbox)).client('ada', { capabilities: forms })),
}

describe.for(Object.entries(clientsOf))('over %s, a state', ([transport, open]) => {
  test('that was forged or changed: asked again, 0 requests', async ({ sandbox }) => {
    const client = await open(sandbox)
    const title = `forged state over ${transport}`
    const good = stateOf(await ask(client, title))
    const [version = '', body = '', signature = ''] = good.split('.')
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString())
    const sealed = (value: unknown): string =>
      [version, Buffer.from(JSON.stringify(value)).toString('base64url'), signature].join('.')
    const random = new SeededRandom(27)
    const changed = (): string => {
      const at = random.below(good.length - 1)
      const sign = random.of([...'ABCDabcd0123-_.'].filter((one) => one !== good[at]))
      return `${good.slice(0, at)}${sign}${good.slice(at + 1)}`
    }
    const states = [
      '',
      'yes',
      version,
      `${version}..`,
      `${version}.${body}.`,
      `${version}.${body}`,
      `${good}.${signature}`,
      sealed({ ...payload, exp: payload.exp + 1 }),
      sealed({ ...payload, p: { ...payload.p, until: payload.p.until + 1 } }),
      sealed({ ...payload, p: { ...payload.p, digest: '0'.repeat(64) } }),
      await new RequestStateIssuer(600).issue(payload.p.digest),
      ...random.times(50, changed),
    ]
    for (const state of states) {
      const again = await answer(client, title, state)
      expect(stateOf(again), state).toMatch(/^v1\./)
    }
    expect(states).toHaveLength(61)
    expect(await sentWith(sandbox, title)).toBe(0)
    expect((await answer(client, title, good)).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('of another call, of another process, or used: asked again, 0 requests', async ({ sandbox }) => {
    const client = await open(sandbox)
    const title = `other state over ${transport}`
    const others = [`${title}!`, title.toUpperCase(), ` ${title}`]
    for (const other of others) {
      const state = stateOf(await ask(client, other))
      expect(stateOf(await answer(client, title, state))).toMatch(/^v1\./)
    }
    const process = await open(sandbox)
    expect(stateOf(await answer(client, title, stateOf(await ask(process, title))))).toMatch(/^v1\./)
    expect(await sentWith(sandbox, title)).toBe(0)
    const state = stateOf(await ask(client, title))
    expect((await answer(client, title, state)).isError).toBe(false)
    for (const _ of [1, 2, 3]) expect(stateOf(await answer(client, title, state))).toMatch(/^v1\./)
    expect(await sentWith(sandbox, title)).toBe(1)
  })
})

test('a state of another caller with the identical call: asked again, 0 requests', async ({ sandbox }) => {
  const callers = {
    ada: { role: 'operator' },
    bob: { role: 'operator' },
    'ada-2': { role: 'operator', person: 'ada' },
  } as const
  const service = await openTestService(sandbox, { callers })
  const clients = Object.keys(callers).map((name) => asking(service.client(name, { capabilities: forms })))
  const title = 'state of another caller'
  for (const one of clients)
    for (const other of clients) {
      if (one === other) continue
      expect(stateOf(await answer(one, title, stateOf(await ask(other, title))))).toMatch(/^v1\./)
    }
  expect(await sentWith(sandbox, title)).toBe(0)
  const [one] = clients
  if (one) expect((await answer(one, title, stateOf(await ask(one, title)))).isError).toBe(false)
  expect(await sentWith(sandbox, title)).toBe(1)
})

test('a state that expired, or whose call a person approved elsewhere: 0 further requests', async ({
  sandbox,
}) => {
  const stateDir = temporaryFolder()
  const late = asking(
    await connect(sandbox, 'modern', { patience: -1, settings: { QUALYS_STATE_DIR: stateDir } }),
  )
  expect(stateOf(await answer(late, 'expired', stateOf(await ask(late, 'expired'))))).toMatch(/^v1\./)
  expect(await sentWith(sandbox, 'expired')).toBe(0)
  const server = await openLocalServer(sandbox, 'modern', { settings: { QUALYS_APPROVE_BY: 'client,page' } })
  const title = 'approved elsewhere'
  const state = stateOf(await ask(server.client, title))
  const { text } = await answer(server.client, title, stateOf(await ask(server.client, title)), {
    approval: {},
  })
  await decideWithKey(server, codeIn({ text }))
  expect((await ask(server.client, title)).isError).toBe(false)
  for (const one of [state, stateOf(await ask(server.client, title))])
    await answer(server.client, title, one, { approval: { action: 'decline' } })
  expect(stateOf(await answer(server.client, title, state))).toBeDefined()
  expect(await sentWith(sandbox, title)).toBe(1)
})

describe('an address that was opened', () => {
  const url = { elicitation: { url: {} } }
  const accept = { action: 'accept' }
  /** What may come back to the question with an address. */
  const answers: readonly Json[] = [
    { page: accept },
    { page: yes },
    { page: { ...accept, content: { approve: true } } },
    { page: { ...accept, content: { approve: true, decision: 'approve' } } },
    { page: { ...accept, approve: true } },
    { page: { ...accept, content: {} } },
    { page: { ...accept, content: null } },
    { page: { action: 'approve' } },
    { page: { action: 'ACCEPT' } },
    { page: accept, approval: yes },
    { page: true },
    { page: [yes] },
    { approval: yes },
    { approval: accept },
    { Page: yes },
    {},
  ]

  const local = async (sandbox: TestSandbox, more: LocalOptions): Promise<Opened> => {
    const server = await openLocalServer(sandbox, 'modern', more)
    return { client: server.client, approve: (code) => decideWithKey(server, code) }
  }
  const servers: Readonly<Record<string, (sandbox: TestSandbox) => Promise<Opened>>> = {
    'over stdio, where a form would count': (sandbox) => local(sandbox, { capabilities: url }),
    'over stdio, where the page alone counts': (sandbox) =>
      local(sandbox, {
        capabilities: { elicitation: { url: {}, form: {} } },
        settings: { QUALYS_APPROVE_BY: 'page' },
      }),
    'over HTTP': async (sandbox) => {
      const settings = { QUALYS_PUBLIC_URL: 'https://mcp.example.com' }
      const service = await openTestService(sandbox, { settings, callTimes: noWait })
      const client = asking(service.client('ada', { capabilities: url }))
      return { client, approve: async (code) => approveCode(service.folder, code) }
    },
  }

  test.for(Object.entries(servers))('%s, is no yes: 0 requests', async ([name, open], { sandbox }) => {
    const { client, approve } = await open(sandbox)
    const title = `opened ${name}`
    let link = ''
    for (const one of answers) {
      const question = await ask(client, title)
      expect(question.result).toHaveProperty(['inputRequests', 'page', 'params', 'mode'], 'url')
      link = JSON.stringify(question.result)
      const { text } = await answer(client, title, stateOf(question), one)
      expect(text, JSON.stringify(one)).not.toMatch(/cloned/)
    }
    expect(await sentWith(sandbox, title)).toBe(0)
    await approve(codeIn({ text: link.split('/approve/')[1] ?? '' }))
    expect((await ask(client, title)).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('is none either with a state that belongs to a form, and the form is none to the address', async ({
    sandbox,
  }) => {
    const server: LocalServer = await openLocalServer(sandbox, 'modern', {
      capabilities: { elicitation: { url: {}, form: {} } },
    })
    const title = 'form and address'
    const state = stateOf(await ask(server.client, title))
    await answer(server.client, title, state, { page: accept })
    await answer(server.client, title, state, { page: yes })
    expect(await sentWith(sandbox, title)).toBe(0)
    const next = stateOf(await ask(server.client, title))
    expect((await answer(server.client, title, next)).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })
})
