import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { type Control, openSandbox } from '../../support/sandbox.ts'
import { changesAt } from '../effects/saq-ground.ts'

/** One call, and the request that must come of it, as the pages of Qualys have it. */
export interface Case {
  readonly args: Readonly<Record<string, unknown>>
  readonly path: string
  /** What stands in `ServiceRequest`, literally. */
  readonly body: string
}

/** By what is special about them; some need to know what the sandbox holds. */
export type Cases = Readonly<Record<string, Case | ((control: Control) => Promise<Case>)>>

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/** Without the blanks that make a case readable: between elements they mean nothing. */
const flat = (xml: string): string => xml.replaceAll(/>\s+</g, '><').trim()

/** Calls tools on a sandbox that takes no element which no page names. Each input of each tool has to occur. */
export function saqWireTests(tools: Readonly<Record<string, Cases>>): void {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let assistant: Assistant
  beforeAll(async () => {
    sandbox = await openSandbox({ jobs: 100 })
    assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
  })
  beforeEach(async () => {
    await sandbox.control.reset()
    await sandbox.control.knobs({ strictEffects: true, strictContentType: true })
  })
  afterAll(async () => {
    await assistant.close()
    await sandbox.close()
  })

  const made = async (one: Cases[string]): Promise<Case> =>
    typeof one === 'function' ? one(sandbox.control) : one

  describe.each(Object.entries(tools))('%s', (name, cases) => {
    test('each of its inputs occurs', async () => {
      const all = await Promise.all(Object.values(cases).map(made))
      const used = all.flatMap(({ args }) => Object.keys(args))
      const input = operations.find((one) => one.name === name)?.input ?? {}
      expect([...new Set(used)].sort()).toEqual(Object.keys(input).sort())
    })

    test.each(Object.entries(cases))('%s', async (_form, one) => {
      const { args, path, body } = await made(one)
      await sandbox.control.forget()
      const { text, isError } = await assistant.call(name, args)
      const sent = await changesAt(sandbox.control)
      expect(sent, text).toHaveLength(1)
      const [request] = sent
      expect(request).toMatchObject({ method: 'POST', path: `/qps/rest/1.0/${path}`, query: {} })
      expect(request?.body).toBe(`${declaration}\n<ServiceRequest>${flat(body)}</ServiceRequest>`)
      expect(request?.headers).toMatchObject({
        'content-type': 'text/xml',
        accept: 'application/xml',
        'x-requested-with': 'qualys-mcp',
        authorization: `Basic ${Buffer.from('sandbox_ab1:sandbox1').toString('base64')}`,
      })
      expect(isError, text).toBe(false)
    })
  })
}
