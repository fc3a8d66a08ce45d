import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { effectsAt, openSandbox, type Seen } from '../../support/sandbox.ts'

/** One call, and the request that must come of it, as the pages of Qualys have it. */
export interface Case {
  readonly args: Readonly<Record<string, unknown>>
  readonly path: string
  /** No body: none may be sent. */
  readonly body?: Readonly<Record<string, unknown>>
  /** A call before it, for what only a filtered list brings up. */
  readonly after?: readonly [tool: string, args: object]
  /** Qualys' answer, where the sandbox has none for these ids. */
  readonly reply?: unknown
}

/** What cases take from the data of the sandbox. */
export interface World {
  readonly hosts: readonly [Thing, Thing]
  readonly labHosts: readonly [Thing, Thing]
  /** Tag 7512801. */
  readonly tag: Thing
}

interface Thing {
  readonly id: number
  readonly uuid: string
}

/** By what is special about them. */
export type Cases = Readonly<Record<string, Case | ((world: World) => Case)>>

/** Values of named secrets: the tokens are those that the pretend repositories open to. */
const secrets = {
  QUALYS_SECRET_CORP_GITHUB: 'sandbox-github-token',
  QUALYS_SECRET_CORP_GITLAB: 'sandbox-gitlab-token',
  QUALYS_SECRET_DB_PASSWORD: 'p+w/d=ü"',
}

/** Every member of a JSON value, at any depth. */
function membersOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Array.isArray(value) ? [] : Object.keys(value)
  return [...names, ...Object.values(value).flatMap(membersOf)]
}

/**
 * Calls tools on a sandbox that takes no field which no page names, and compares what they send, literally: numbers
 * are numbers there, and strings strings. Each input of each tool has to occur.
 */
export function wireTests(tools: Readonly<Record<string, Cases>>): void {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let assistant: Assistant
  let world: World
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 100 })
    const assets = (await sandbox.control.truth('assets')) as unknown as (Thing & { lab: boolean })[]
    const [first, second] = assets.filter(({ lab }) => !lab)
    const [firstLab, secondLab] = assets.filter(({ lab }) => lab)
    if (!first || !second || !firstLab || !secondLab) throw new Error('too few hosts')
    const tag = (await sandbox.control.truth('tags')).find(({ id }) => id === '7512801')
    world = {
      hosts: [first, second],
      labHosts: [firstLab, secondLab],
      tag: { id: Number(tag?.['id']), uuid: String(tag?.['tagUuid']) },
    }
    assistant = await assistantOn(sandbox, {
      ...secrets,
      QUALYS_MODE: 'unattended',
      QUALYS_UNVERIFIED: 'all',
      QUALYS_MAX_ASSETS_PER_RUN: '2000',
    })
  })
  beforeEach(async () => {
    await sandbox.control.reset()
    await sandbox.control.knobs({ strictEffects: true, strictBody: true, strictContentType: true })
  })
  afterAll(async () => {
    await assistant.close()
    await sandbox.close()
  })

  const made = (one: Cases[string]): Case => (typeof one === 'function' ? one(world) : one)

  describe.each(Object.entries(tools))('%s', (name, cases) => {
    const operation = operations.find((one) => one.name === name)
    const [method = '', route = ''] = operation?.route.split(' ') ?? []

    test('each of its inputs occurs', () => {
      const used = Object.values(cases).flatMap((one) => Object.keys(made(one).args))
      expect([...new Set(used)].sort()).toEqual(Object.keys(operation?.input ?? {}).sort())
    })

    test.each(Object.entries(cases))('%s', async (_form, one) => {
      const { args, path, body, after, reply } = made(one)
      if (after) expect((await assistant.call(...after)).isError).toBe(false)
      if (reply !== undefined)
        await sandbox.control.faults([{ route: `${method} ${route}`, kind: 'reply', body: reply }])
      await sandbox.control.forget()
      const { text, isError } = await assistant.call(name, args)
      const sent = await effectsAt(sandbox.control)
      expect(sent, text).toHaveLength(1)
      const [{ headers, ...request } = {} as Seen] = sent
      expect(request).toMatchObject({ method, path, query: {} })
      expect(request.body === '' ? undefined : JSON.parse(request.body)).toStrictEqual(body)
      expect(headers['content-type']).toBe(body === undefined ? undefined : 'application/json')
      // Gone since release 2.3: the threshold is in seconds.
      expect(membersOf(body)).not.toContain('thresholdTimeUnit')
      expect(isError, text).toBe(false)
    })
  })
}
