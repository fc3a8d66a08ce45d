import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { someJwt as jwt, leakSearch, spelled } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { serve } from '../../support/workflows/runs.ts'

// Scripts print secrets. None reaches the assistant, whole or cut, whatever the slice or the sample.

const secret = canary('script')
const find = leakSearch([secret])
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_SECRET_CANARY: secret })
})
afterEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

/** What a terminal shows as the secret: a colour in the middle, an invisible sign. */
const hidden: Readonly<Record<string, (text: string) => string>> = {
  coloured: (text) => `${text.slice(0, 9)}\u001b[1;31m${text.slice(9)}\u001b[0m`,
  'with invisible signs': (text) => [...text].join('\u200b'),
}
const ways = Object.entries({ ...spelled, ...hidden })

/** Every slice of a host's output, joined. */
async function allSlices(maxChars: number): Promise<string> {
  let all = ''
  for (let offset: unknown = 0; offset !== undefined; ) {
    const args = { jobId: 1, assetJobId: 7, maxChars, offset }
    const { structured } = await assistant.call('car_get_output', args, 'json')
    all += structured.rows[0]?.['output']
    offset = structured.rows[0]?.['nextOffset']
  }
  return all
}

describe('car_get_output', () => {
  test.each(ways)('%s', async (_name, spell) => {
    const printed = `before ${spell(secret)} between ${jwt} behind`
    await serve(sandbox.control, [{ id: '7', name: `ws-${spell(secret)}`, text: spell(secret), printed }])
    for (const maxChars of [5, 11, 1_000]) {
      const all = await allSlices(maxChars)
      expect(find(all), all).toEqual([])
      expect(all).toBe('before [secret] between [secret] behind')
    }
    const { text } = await assistant.call('car_get_output', { jobId: 1, assetJobId: 7 })
    expect(find(text)).toEqual([])
  })
})

describe('car_follow_run', () => {
  test.each(ways)('%s, wherever a sample is cut', async (_name, spell) => {
    // A sample among others ends at 1,000 characters, and at 4,000 in memory.
    const cuts = [990, 1_000 - secret.length, 999, 3_990, 4_000 - secret.length, 3_999]
    const hosts = cuts.map((cut, index) => ({
      name: `${index}-${spell(secret)}`,
      code: index,
      text: spell(secret),
      printed: `${'.'.repeat(cut)}${spell(secret)} ${spell(jwt)}`,
    }))
    for (const rows of [hosts, ...hosts.map((host) => [host])]) {
      await serve(sandbox.control, rows)
      for (const form of ['text', 'json'] as const) {
        const { raw, text } = await assistant.call('car_follow_run', { jobId: 1, waitSeconds: 0 }, form)
        expect(raw['isError'] ?? false).toBe(false)
        expect(find(JSON.stringify(raw)), text.slice(0, 500)).toEqual([])
      }
    }
  })

  test('outputs that differ in a secret alone are the same', async () => {
    await serve(sandbox.control, [
      { name: 'ws-1', printed: `token ${secret}` },
      { name: 'ws-2', printed: 'token [secret]' },
    ])
    const { structured } = await assistant.call('car_follow_run', { jobId: 1, waitSeconds: 0 }, 'json')
    expect(structured.returned).toBe(1)
  })
})
