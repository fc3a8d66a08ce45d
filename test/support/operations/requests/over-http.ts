import { expect } from 'vitest'
import { changesAt, draftOf, inactiveCampaign, recipientsOf } from '../../effects/saq.ts'
import { testOn, unattended } from '../../fixtures.ts'
import { type Control, effectsAt, type Seen } from '../../sandbox.ts'
import { operationOf } from '../calls.ts'
import {
  type Case,
  type Cases,
  type Place,
  type SaqCase,
  type SaqCases,
  secrets,
  serviceRequest,
} from './case.ts'

// The same cases through the whole stack, on a sandbox that takes no field which no page names.

type Thing = Place['tag']

async function placeOf({ truth }: Control): Promise<Place> {
  const assets = (await truth('assets')) as unknown as (Thing & { lab: boolean })[]
  const [first, second] = assets.filter(({ lab }) => !lab)
  const [firstLab, secondLab] = assets.filter(({ lab }) => lab)
  if (!first || !second || !firstLab || !secondLab) throw new Error('too few hosts')
  const tag = (await truth('tags')).find(({ id }) => id === '7512801')
  return {
    hosts: [first, second],
    labHosts: [firstLab, secondLab],
    tag: { id: Number(tag?.['id']), uuid: String(tag?.['tagUuid']) },
  }
}

const made = async (one: Cases[string], control: Control): Promise<Case> =>
  typeof one === 'function' ? one(await placeOf(control)) : one

const madeSaq = async (one: SaqCases[string], control: Control): Promise<SaqCase> =>
  typeof one === 'function'
    ? one({
        draft: await draftOf(control),
        users: await control.truth('users'),
        invited: await recipientsOf(control, inactiveCampaign),
      })
    : one

interface Expectations {
  /** Exactly one request of CAR goes out, as the case has it, and the sandbox takes it. */
  readonly expectRequest: (name: string, one: Cases[string]) => Promise<void>
  readonly expectSaqRequest: (name: string, one: SaqCases[string]) => Promise<void>
}

export const test = testOn(
  { jobs: 100 },
  { ...unattended, ...secrets, QUALYS_MAX_ASSETS_PER_RUN: '2000' },
).extend<Expectations>({
  expectRequest: async ({ sandbox: { control }, assistant }, use) => {
    await use(async (name, one) => {
      const { args, path, body, after, reply } = await made(one, control)
      const [method = '', route = ''] = operationOf(name).route.split(' ')
      await control.knobs({ strictEffects: true, strictBody: true, strictContentType: true })
      if (after) expect((await assistant.call(...after)).isError).toBe(false)
      if (reply !== undefined)
        await control.faults([{ route: `${method} ${route}`, kind: 'reply', body: reply }])
      await control.forget()
      const { text, isError } = await assistant.call(name, args)
      const sent = await effectsAt(control)
      expect(sent, text).toHaveLength(1)
      const [{ headers, ...request } = {} as Seen] = sent
      expect(request).toMatchObject({ method, path, query: {} })
      expect(request.body === '' ? undefined : JSON.parse(request.body)).toStrictEqual(body)
      expect(headers['content-type']).toBe(body === undefined ? undefined : 'application/json')
      expect(isError, text).toBe(false)
    })
  },
  expectSaqRequest: async ({ sandbox, assistant }, use) => {
    const { control, username, password } = sandbox
    await use(async (name, one) => {
      const { args, path, body } = await madeSaq(one, control)
      await control.knobs({ strictEffects: true, strictContentType: true })
      await control.forget()
      const { text, isError } = await assistant.call(name, args)
      const sent = await changesAt(control)
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
