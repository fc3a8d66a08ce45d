import { expect } from 'vitest'
import { connect, yes } from '../../consent/raw-client.ts'
import {
  draftTemplateId,
  inactiveCampaign,
  recipientsOf,
  saqChangeRequests,
} from '../../effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../fixtures.ts'
import { type Control, effectRequests, type SandboxRequest } from '../../sandbox.ts'
import { operationNamed } from '../calls.ts'
import {
  type AccountObjects,
  type Case,
  type Cases,
  type SaqCase,
  type SaqCases,
  secrets,
  serviceRequest,
} from './case.ts'

// The same cases through the whole stack, on a sandbox that rejects undocumented fields.

type Thing = AccountObjects['tag']

async function accountObjectsOf({ dump }: Control): Promise<AccountObjects> {
  const assets = (await dump('assets')) as unknown as (Thing & { lab: boolean })[]
  const [first, second] = assets.filter(({ lab }) => !lab)
  const [firstLab, secondLab] = assets.filter(({ lab }) => lab)
  if (!first || !second || !firstLab || !secondLab) throw new Error('too few hosts')
  const tag = (await dump('tags')).find(({ id }) => id === '7512801')
  const report = (await dump('reports')).find(({ status }) => status === 'COMPLETED')
  return {
    hosts: [first, second],
    labHosts: [firstLab, secondLab],
    tag: { id: Number(tag?.['id']), uuid: String(tag?.['tagUuid']) },
    report: String(report?.['fileUuid']),
  }
}

const resolveCase = async (one: Cases[string], control: Control): Promise<Case> =>
  typeof one === 'function' ? one(await accountObjectsOf(control)) : one

/** The content that goes along with edits: that of the script as it is stored, edited. */
async function contentOf({ args, edited }: Case, { dump }: Control): Promise<object> {
  if (edited === undefined) return {}
  const script = (await dump('scripts')).find(({ id }) => id === args['scriptId'])
  const stored = Buffer.from(String(script?.['content']), 'base64').toString()
  return { content: Buffer.from(edited(stored)).toString('base64') }
}

const resolveSaqCase = async (one: SaqCases[string], control: Control): Promise<SaqCase> =>
  typeof one === 'function'
    ? one({
        draft: await draftTemplateId(control),
        users: await control.dump('users'),
        invited: await recipientsOf(control, inactiveCampaign),
      })
    : one

interface Expectations {
  /** Expects exactly one request of CAR, as in the case, and that the sandbox accepts it. */
  readonly expectRequest: (name: string, one: Cases[string]) => Promise<void>
  readonly expectSaqRequest: (name: string, one: SaqCases[string]) => Promise<void>
}

/** Requests as the operations build them: no limit forbids one, and tags go out as tags. */
const settings = {
  ...unattendedSettings,
  ...secrets,
  QUALYS_MAX_ASSETS_PER_RUN: '2000',
  QUALYS_MAX_BULK: '5000',
  QUALYS_MAX_SCHEDULED_RUNS: '10000',
  QUALYS_RUN_BY_TAG: 'tag',
}

export const test = testOn({ jobs: 100 }, settings).extend<Expectations>({
  expectRequest: async ({ sandbox }, use) => {
    const { control } = sandbox
    // Some cases name a secret, which a person has to approve.
    const client = await connect(sandbox, 'modern', { settings: { ...settings, QUALYS_MODE: 'confirm' } })
    await use(async (name, one) => {
      const { body: fields, ...made } = await resolveCase(one, control)
      const { args, path, after, reply } = made
      const body = fields && { ...fields, ...(await contentOf(made, control)) }
      const [method = '', route = ''] = operationNamed(name).route.split(' ')
      await control.knobs({ strictEffects: true, strictBody: true, strictContentType: true })
      if (after) expect((await client.callAndAnswer(...after, yes)).isError).toBe(false)
      if (reply !== undefined)
        await control.faults([{ route: `${method} ${route}`, kind: 'reply', body: reply }])
      await control.clearRequests()
      const { text, isError } = await client.callAndAnswer(name, args, yes)
      const sent = await effectRequests(control)
      expect(sent, text).toHaveLength(1)
      const [{ headers, ...request } = {} as SandboxRequest] = sent
      expect(request).toMatchObject({ method, path, query: {} })
      expect(request.body === '' ? undefined : JSON.parse(request.body)).toStrictEqual(body)
      expect(headers['content-type']).toBe(body === undefined ? undefined : 'application/json')
      expect(isError, text).toBe(false)
    })
  },
  expectSaqRequest: async ({ sandbox, assistant }, use) => {
    const { control, username, password } = sandbox
    await use(async (name, one) => {
      const { args, path, body, reply } = await resolveSaqCase(one, control)
      await control.knobs({ strictEffects: true, strictContentType: true })
      if (reply !== undefined)
        await control.faults([
          { route: operationNamed(name).route, kind: 'reply', body: reply, contentType: 'application/xml' },
        ])
      await control.clearRequests()
      const { text, isError } = await assistant.call(name, args)
      const sent = await saqChangeRequests(control)
      expect(sent, text).toHaveLength(1)
      const [request] = sent
      expect(request).toMatchObject({ method: 'POST', path: `/qps/rest/1.0/${path}`, query: {} })
      expect(request?.body).toBe(serviceRequest(body))
      expect(request?.headers).toMatchObject({
        'content-type': 'text/xml',
        accept: 'application/xml',
        'x-requested-with': 'qualys-mcp',
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      })
      expect(isError, text).toBe(false)
    })
  },
})
