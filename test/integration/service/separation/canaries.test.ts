import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { leaks } from '../../../support/leak-search.ts'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import type { Answer } from '../../../support/service/answer.ts'
import { tokenOf } from '../../../support/service/callers.ts'
import { forms, revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openTestIssuer } from '../../../support/service/issuer.ts'
import type { TestService } from '../../../support/service/service.ts'

// No token of a caller is written anywhere: each holds the word that the search looks for.

const test = serviceTestOn()

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  )

/** All that a service has written: its log, its files and its metrics. */
async function writtenBy(service: TestService): Promise<string> {
  const files = filesIn(service.folder).map((name) => readFileSync(join(service.folder, name), 'utf8'))
  return [...service.log, ...files, await service.metrics()].join('\n')
}

test('after calls of every tool by callers of both kinds, no token is in a log, a file, a metric, an answer, or a request to Qualys', async ({
  serve,
  sandbox,
}) => {
  const issuer = await openTestIssuer()
  const service = await serve({
    callers: { ada: { role: 'operator' } },
    settings: {
      ...issuer.settings,
      QUALYS_MODE: 'unattended',
      QUALYS_MAX_ASSETS_PER_RUN: '100',
      QUALYS_LOG_LEVEL: 'debug',
    },
  })
  const jwt = await issuer.token({ sub: 'eve', scope: 'qualys.run', note: 'canary' })
  const least = await minimalArgumentsOn(sandbox.control)
  const answers: Answer[] = []
  for (const [at, tool] of (await service.client('ada').toolNames()).entries()) {
    const revision = revisions[at % 2] ?? '2026-07-28'
    const client = service.client('ada', { revision, ...(at % 3 === 0 && { token: jwt }) })
    answers.push(await client.call(tool, least[tool] ?? {}))
  }
  answers.push(await service.client('ada').request('resources/list'))
  expect(answers.filter(({ isError }) => !isError).length).toBeGreaterThan(60)
  expect(leaks(answers.map(({ body, headers }) => [body, headers]))).toEqual([])
  const written = await writtenBy(service)
  expect(leaks(written)).toEqual([])
  expect(written).not.toContain(jwt.split('.')[2])
  const requests = await sandbox.control.requests()
  expect(requests.length).toBeGreaterThan(60)
  const sent = JSON.stringify(
    requests.map(({ headers: { authorization: _, ...headers }, ...request }) => ({ ...request, headers })),
  )
  expect(leaks(sent)).toEqual([])
  for (const { headers } of requests) {
    expect(headers['authorization'] ?? '').not.toContain('canary')
    expect(headers['authorization'] ?? '').not.toContain(jwt)
    for (const name of Object.keys(headers)) expect(name).not.toMatch(/^mcp-|traceparent|cookie/)
  }
})

test.for<
  readonly [
    string,
    { readonly path?: string; readonly headers?: Readonly<Record<string, string | undefined>> },
  ]
>([
  ['in the query', { path: `/mcp?access_token=${tokenOf('ada')}`, headers: { authorization: undefined } }],
  [
    'in the query, besides a wrong one',
    { path: `/mcp?access_token=${tokenOf('ada')}`, headers: { authorization: 'Bearer wrong' } },
  ],
  ['in the path', { path: `/mcp/${tokenOf('ada')}` }],
  ['in a cookie', { headers: { authorization: undefined, cookie: `token=${tokenOf('ada')}` } }],
  [
    'as the password of Basic',
    { headers: { authorization: `Basic ${Buffer.from(`ada:${tokenOf('ada')}`).toString('base64')}` } },
  ],
  ['without a scheme', { headers: { authorization: tokenOf('ada') } }],
  ['in another header', { headers: { authorization: undefined, 'x-api-key': tokenOf('ada') } }],
  ['with a part that is cut off', { headers: { authorization: `Bearer ${tokenOf('ada').slice(0, -1)}` } }],
  ['behind another one', { headers: { authorization: `Bearer x, Bearer ${tokenOf('ada')}` } }],
  ['as the Host', { headers: { host: tokenOf('ada') } }],
  ['as the Origin', { headers: { origin: `https://${tokenOf('ada')}.example` } }],
  ['as the trace', { headers: { authorization: undefined, traceparent: tokenOf('ada') } }],
])('a token %s is not taken, and not written down', async ([, sending], { serve }) => {
  const service = await serve({ settings: { QUALYS_LOG_LEVEL: 'debug' } })
  const client = service.client('ada')
  const answer = await client.post(client.messageOf('tools/list'), sending)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.result).toBeUndefined()
  expect(leaks(await writtenBy(service).then((text) => text.replaceAll(/"sha256":"\w+"/g, '')))).toEqual([])
})

test('a token of a form, in an answer or in a session id is no credential, and not written down', async ({
  serve,
  effects,
}) => {
  const service = await serve({ callers: { ada: { role: 'operator' } } })
  const client = service.client('ada', { capabilities: forms, session: tokenOf('ada') })
  const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
  await client.call(...clone)
  const odd = { action: 'accept', content: { approve: tokenOf('ada') } }
  expect((await client.answerQuestion(...clone, 'no state', odd)).result?.['requestState']).toEqual(
    expect.any(String),
  )
  expect(await effects()).toEqual([])
  expect(leaks(service.log.join('\n'))).toEqual([])
})
