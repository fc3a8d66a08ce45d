import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { checkArguments, operationNamed } from '../../support/operations/calls.ts'
import { apiUrl, gatewayUrl, type SentRequest, sessionInMemory } from '../../support/operations/memory.ts'
import { carRequests, groupRequests, saqRequests } from '../../support/operations/requests/all.ts'
import {
  type Case,
  type Cases,
  membersOf,
  type SaqCase,
  type SaqCases,
  secrets,
  serviceRequest,
} from '../../support/operations/requests/case.ts'
import {
  answeringWith,
  carAnswer,
  draftTemplate,
  hosts,
  labHosts,
  lookupAnswers,
  saqAnswer,
  tag,
} from '../../support/operations/rows.ts'
import { type SaqRead, saqReads } from '../../support/operations/saq-reads.ts'

// The requests of each operation, literally: method, path, headers and body, as the pages of Qualys document them.
// Numbers are numbers there, and strings strings.

const place = { hosts, labHosts, tag, report: '4735c320-1b2c-4d3e-8f4a-5b6c7d8e9f01' }
const saqPlace = { draft: draftTemplate, users: [], invited: [] }
const madeCar = (one: Cases[string]): Case => (typeof one === 'function' ? one(place) : one)
const madeSaq = (one: SaqCases[string]): SaqCase => (typeof one === 'function' ? one(saqPlace) : one)

/** The entries of a table whose operations are listed. */
const listedIn = <T>(table: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(table).filter(([tool]) => operations.some(({ name }) => name === tool))

function expectInputs(name: string, used: readonly string[]): void {
  expect([...new Set(used)].sort()).toEqual(Object.keys(operationNamed(name).input).sort())
}

describe.for(listedIn(carRequests))('%s', ([name, cases]) => {
  const operation = operationNamed(name)
  const [method = ''] = operation.route.split(' ')

  test('each of its inputs occurs', () =>
    expectInputs(
      name,
      Object.values(cases).flatMap((one) => Object.keys(madeCar(one).args)),
    ))

  test.for(Object.entries(cases))('%s', async ([, one]) => {
    const { args, path, body } = madeCar(one)
    const answers = answeringWith(method, path, carAnswer({ id: 1, correlationUuid: 'x' }))
    const { session, sent } = sessionInMemory(answers, secrets)
    const { value = {}, complaint } = await checkArguments(name, args)
    expect(complaint).toBeUndefined()
    await session.call(operation, value)
    const last = sent.at(-1)
    expect(last).toMatchObject({ origin: gatewayUrl, method, path, query: {} })
    expect(last?.body === '' ? undefined : JSON.parse(last?.body ?? '')).toStrictEqual(body)
    expect(last?.headers).toStrictEqual({
      accept: 'application/json',
      ...(method !== 'DELETE' && { 'content-type': 'application/json' }),
      authorization: 'Bearer header.payload.signature',
    })
    expect(body === undefined).toBe(method === 'DELETE')
    // Removed in release 2.3: the threshold is in seconds.
    expect(membersOf(body)).not.toContain('thresholdTimeUnit')
  })
})

const basic = `Basic ${Buffer.from('a-user:not the password').toString('base64')}`

/** Inputs that are sent as others, which take what is stored: template-edits.test.ts. */
const sentAsOthers: Readonly<Record<string, readonly string[]>> = { saq_update_templates: ['edits'] }

describe.for(listedIn(saqRequests))('%s', ([name, cases]) => {
  test('each of its inputs occurs', () => {
    const all = [...Object.values(cases), ...Object.values(groupRequests[name] ?? {})]
    const used = all.flatMap((one) => Object.keys(madeSaq(one).args))
    expectInputs(name, [...used, ...(sentAsOthers[name] ?? [])])
  })

  test.for(Object.entries(cases))('%s', async ([, one]) => {
    const { args, path, body } = madeSaq(one)
    const { session, sent } = sessionInMemory(answeringChanges)
    const { value = {}, complaint } = await checkArguments(name, args)
    expect(complaint).toBeUndefined()
    await session.call(operationNamed(name), value)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toEqual({
      origin: apiUrl,
      method: 'POST',
      path: `/qps/rest/1.0/${path}`,
      query: {},
      body: serviceRequest(body),
      headers: { 'content-type': 'text/xml', accept: 'application/xml', authorization: basic },
    })
  })
})

function answeringChanges(sent: SentRequest) {
  return /\/(search|get)\//.test(sent.path) ? lookupAnswers(sent) : saqAnswer('Any', [{ id: 1 }])
}

/** The answer of a list, a count, or a record. */
const answerTo = ({ path }: SentRequest) =>
  path.startsWith('/qps/rest/portal/')
    ? { body: { ServiceResponse: { responseCode: 'SUCCESS' } } }
    : saqAnswer('Any', [{ id: 1 }])

describe.for(listedIn(saqReads))('%s', ([name, cases]) => {
  const operation = operationNamed(name)

  test('each of its inputs occurs', () => {
    const used = cases.flatMap(({ args }) => Object.keys(args))
    expectInputs(
      name,
      used.filter((argument) => !['pageSize', 'fields'].includes(argument)),
    )
  })

  test.for(cases.map((one: SaqRead) => [JSON.stringify(one.args), one] as const))(
    '%s',
    async ([, { args, path, method = operation.route.split(' ')[0], xml }]) => {
      const { session, sent } = sessionInMemory(answerTo)
      const { value = {}, complaint } = await checkArguments(name, args)
      expect(complaint).toBeUndefined()
      await session.call(operation, value)
      expect(sent).toHaveLength(1)
      expect(sent[0]).toMatchObject({ origin: apiUrl, method, path, query: {} })
      expect(sent[0]?.body).toBe(xml === undefined ? '' : serviceRequest(xml))
    },
  )
})
