import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { decideWithKey } from '../../support/approvals/local-person.ts'
import { type LocalServer, longWait, noWait, openLocalServer } from '../../support/approvals/local-server.ts'
import { consentTest as test } from '../../support/consent/fixtures.ts'
import { type Answer, type Era, eras, type RawReply, yes } from '../../support/consent/raw-client.ts'
import { clone, cloneOf, codeIn, sentWith } from '../../support/forged/attacks.ts'
import { ask, postForm } from '../../support/page/local.ts'
import { hiddenValue } from '../../support/page/page.ts'
import { revisions } from '../../support/service/client.ts'
import { openTestService } from '../../support/service/service.ts'
import { pageSettings } from '../../support/service-page/page.ts'

// The page as an address that the client opens (URL elicitation): in 2025 a request of its own over stdio, in 2026 a result
// on both transports. (What its answers are not: forged/states.test.ts.)

type Json = Readonly<Record<string, unknown>>

const url = { elicitation: { url: {} } }
const both = { elicitation: { form: {}, url: {} } }
const byPage = { QUALYS_APPROVE_BY: 'page' }
const accept: Answer = { action: 'accept' }

/** The address of the question in a result. */
const addressIn = (result: Json | undefined): string | undefined => {
  const requests = result?.['inputRequests'] as Readonly<Record<string, { params: Json }>> | undefined
  return requests?.['page']?.params['url'] as string | undefined
}

const longScript = {
  title: 'A long one',
  typeId: '1',
  subType: 'Detection',
  languageId: '201',
  platform: 'WINDOWS',
  severity: 2,
}

/** What a call is asked with. */
type Kind = 'form' | 'url' | 'text'

async function kindOf({ client }: Pick<LocalServer, 'client'>, title: string): Promise<Kind> {
  client.answer = () => ({ action: 'decline' })
  const { result, preview } = await client.call(clone, cloneOf(title))
  if (addressIn(result) !== undefined) return 'url'
  if (preview !== undefined) return 'form'
  const [question] = client.questions
  return question === undefined ? 'text' : question['mode'] === 'url' ? 'url' : 'form'
}

describe('which question is asked', () => {
  const capabilities: Readonly<Record<string, Json>> = {
    none: {},
    'an empty one': { elicitation: {} },
    form: { elicitation: { form: {} } },
    url,
    both,
  }
  /** By the settings of the server: for each of the capabilities. */
  const expected: Readonly<Record<string, readonly [Environment, Readonly<Record<string, Kind>>]>> = {
    'nothing else': [{}, { none: 'text', 'an empty one': 'form', form: 'form', url: 'url', both: 'form' }],
    'the page alone': [
      byPage,
      { none: 'text', 'an empty one': 'text', form: 'text', url: 'url', both: 'url' },
    ],
    'a passkey alone': [
      { QUALYS_PASSKEY_FOR: 'create' },
      { none: 'text', 'an empty one': 'text', form: 'text', url: 'url', both: 'url' },
    ],
    'a terminal alone': [
      { QUALYS_APPROVE_BY: 'terminal' },
      { none: 'text', 'an empty one': 'text', form: 'text', url: 'text', both: 'text' },
    ],
  }

  describe.each(eras)('over stdio, %s', (era) => {
    test.for(Object.entries(expected))(
      'where the settings name %s',
      async ([name, [settings, kinds]], { sandbox }) => {
        const asked: Record<string, Kind> = {}
        for (const [declared, given] of Object.entries(capabilities))
          asked[declared] = await kindOf(
            await openLocalServer(sandbox, era, { settings, capabilities: given }),
            name,
          )
        expect(asked).toEqual(kinds)
        expect(await sentWith(sandbox, name)).toBe(0)
      },
    )

    test('an address, where not even the short view fits into a form', async ({ sandbox }) => {
      const params = Array.from({ length: 30 }, (_, at) => ({ key: `key${at}`, value: 'v'.repeat(2_000) }))
      const content = Array.from({ length: 90 }, (_, at) => `Write-Output ${at}`).join('\n')
      const { client } = await openLocalServer(sandbox, era, { capabilities: both })
      client.answer = () => accept
      const args = { ...longScript, description: 'd'.repeat(2_000), params, content }
      const { result, preview } = await client.call('car_create_script', args)
      expect(preview).toBeUndefined()
      expect(era === 'modern' ? addressIn(result) : client.questions[0]?.['url']).toMatch(
        /\/approve\/\S{9}\?key=/,
      )
    })
  })

  test.for(revisions)('over HTTP, %s', async (revision, { sandbox }) => {
    const service = await openTestService(sandbox, { settings: pageSettings, callTimes: noWait })
    const asked: Record<string, Kind> = {}
    for (const [declared, given] of Object.entries(capabilities)) {
      const client = service.client('ada', { revision, capabilities: given })
      if (!client.isModern) await client.initialize()
      const { result, text } = await client.call(clone, cloneOf(declared))
      asked[declared] = addressIn(result) === undefined ? 'text' : 'url'
      // The address of the service holds no key: whoever opens it logs in.
      expect(`${addressIn(result)} ${text}`).toMatch(
        /https:\/\/mcp\.example\.com\/approve\/[2-9A-Z]{4}-[2-9A-Z]{4}\b(?!\?)/,
      )
    }
    const isAsked = revision === '2026-07-28'
    expect(asked).toEqual({
      none: 'text',
      'an empty one': 'text',
      form: 'text',
      url: isAsked ? 'url' : 'text',
      both: isAsked ? 'url' : 'text',
    })
  })
})

/** The address of the question about a call, and how the call ends once the client has answered it. */
async function askByAddress(server: LocalServer, title: string, answer: Answer) {
  const { client } = server
  client.answer = () => answer
  const args = cloneOf(title)
  const _meta = { progressToken: title }
  if (client.era === 'legacy') {
    const ended = client.call(clone, args, { _meta })
    await expect.poll(() => client.questions.length).toBeGreaterThan(0)
    return { address: String(client.questions.at(-1)?.['url']), ended }
  }
  const question = await client.call(clone, args, { _meta })
  const more = { _meta, requestState: question.state, inputResponses: { page: answer } }
  return { address: String(addressIn(question.result)), ended: client.call(clone, args, more) }
}

/** Presses Approve on the page at an address. */
async function approveAt(address: string): Promise<void> {
  const shown = await ask(address)
  const fields = { key: hiddenValue(shown, 'key'), token: hiddenValue(shown, 'token'), decision: 'approve' }
  expect((await postForm(address.split('?')[0] ?? '', fields)).status).toBe(200)
}

describe.each(eras)('over stdio, %s: the address', (era: Era) => {
  test('holds the page key, which nothing else does; once it was opened, the call waits and runs with the yes', async ({
    sandbox,
  }) => {
    const title = `opened in ${era}`
    const server = await openLocalServer(sandbox, era, {
      capabilities: url,
      settings: byPage,
      callTimes: longWait,
    })
    const { client } = server
    const { address, ended } = await askByAddress(server, title, yes)
    const key = new URL(address).searchParams.get('key') ?? ''
    expect(key).toMatch(/^[\w-]{43}$/)
    // It waits, and says so: with the link, that has no key.
    const progress = () =>
      client.received.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params)
    await expect
      .poll(progress)
      .toContainEqual(expect.objectContaining({ message: `waiting for a person: ${address.split('?')[0]}` }))
    expect(await sentWith(sandbox, title)).toBe(0)
    const uri = `qualys://pending/${codeIn({ text: address })}`
    expect(JSON.stringify((await client.request('resources/read', { uri })).result)).toContain(title)
    await approveAt(address)
    const { isError, text } = await ended
    expect([isError, await sentWith(sandbox, title)], text).toEqual([false, 1])
    const questions = client.received.filter((one) => JSON.stringify(one).includes(key))
    expect(questions).toHaveLength(1)
    expect(questions[0]).toMatchObject(
      era === 'legacy' ? { method: 'elicitation/create' } : { result: { resultType: 'input_required' } },
    )
    expect(`${server.log()} ${server.auditText()}`).not.toContain(key)
    expect(server.auditText()).toContain(title)
  })

  test.for<readonly [string, Answer, RegExp]>([
    [
      'declined',
      { action: 'decline' },
      /^The person said no, so nothing was sent\. Do not ask again unless the person wants it\. Some clients say no without showing anything: a person who saw no question can open http:/,
    ],
    ['closed', { action: 'cancel' }, /^The question was closed without an answer, so nothing was sent\. /],
    [
      'failed',
      { error: { code: -32603, message: 'no browser' } },
      /^The client could not ask \(no browser\), so nothing was sent\. Ask the person to open http:/,
    ],
    ['answered with what is no answer', { action: 'opened' }, /^The client's answer does not fit the form/],
  ])('that is %s: 0 requests, and the page can still approve', async ([name, answer, says], { sandbox }) => {
    const server = await openLocalServer(sandbox, era, { capabilities: url, settings: byPage })
    const title = `${name} in ${era}`
    const { ended } = await askByAddress(server, title, answer)
    const { text, isError } = await ended
    expect([isError, text]).toEqual([true, expect.stringMatching(says)])
    expect(await sentWith(sandbox, title)).toBe(0)
    expect((await decideWithKey(server, codeIn({ text }))).status).toBe(200)
    expect((await server.client.call(clone, cloneOf(title))).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('is asked for once, and then as text, if nobody decided meanwhile', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, era, { capabilities: url, settings: byPage })
    const title = `not decided in ${era}`
    const { ended } = await askByAddress(server, title, accept)
    const { text }: RawReply = await ended
    expect(text).toMatch(
      /^Nobody has approved this yet; nothing was sent\. Ask the person to open http:\/\/localhost:\d+\/approve\/\S{9} \(on the machine where this server runs\) within ten minutes; then make the identical call again, which waits for the answer\.$/,
    )
    expect(await sentWith(sandbox, title)).toBe(0)
  })
})

test('over HTTP in 2026: once the address was opened, the call waits and runs with the yes', async ({
  sandbox,
}) => {
  const settings = { ...pageSettings, QUALYS_APPROVE_BY: 'page,terminal' }
  const service = await openTestService(sandbox, { settings, callTimes: longWait })
  const client = service.client('ada', { capabilities: url })
  const title = 'opened over HTTP'
  const question = await client.call(clone, cloneOf(title))
  const address = addressIn(question.result) ?? ''
  const ended = client.call(clone, cloneOf(title), {
    requestState: question.result?.['requestState'],
    inputResponses: { page: accept },
  })
  approveCode(service.folder, codeIn({ text: address }))
  expect((await ended).isError).toBe(false)
  expect(await sentWith(sandbox, title)).toBe(1)
})
