import { describe, expect, test } from 'vitest'
import type { Tool } from '../../../src/tools/tool.ts'
import { followRun } from '../../../src/tools/workflows/run/follow-run.ts'
import { getOutput } from '../../../src/tools/workflows/run/output.ts'
import { canary } from '../../support/canary.ts'
import { commonSpellings, someJwt as jwt, leakSearch } from '../../support/leak-search.ts'
import { callerOn, type ToolOutcome, Upstream } from '../../support/workflows/memory.ts'
import { assetJobs, type Host, hostsReply } from '../../support/workflows/runs.ts'

// Scripts print secrets. None reaches the assistant, whole or cut, whatever the slice or the sample.

const secret = canary('script')
const find = leakSearch([secret])

async function callTool(
  tool: Tool,
  hosts: readonly Host[],
  args: object,
  form?: 'text' | 'json',
): Promise<ToolOutcome> {
  const upstream = new Upstream()
  upstream.serve({ route: assetJobs, body: hostsReply(hosts) })
  return callerOn(upstream.answer, { QUALYS_SECRET_CANARY: secret }).call(tool, args, form)
}

/** Text that a terminal shows as the secret: with a colour in the middle, and an invisible character. */
const disguised: Readonly<Record<string, (text: string) => string>> = {
  coloured: (text) => `${text.slice(0, 9)}\u001b[1;31m${text.slice(9)}\u001b[0m`,
  'with invisible signs': (text) => [...text].join('\u200b'),
}
const ways = Object.entries({ ...commonSpellings, ...disguised })

/** Every slice of a host's output, joined. */
async function allSlices(host: Host, maxChars: number): Promise<string> {
  let all = ''
  for (let offset: unknown = 0; offset !== undefined; ) {
    const args = { jobId: 1, assetJobId: 7, maxChars, offset }
    const { structured } = await callTool(getOutput, [host], args, 'json')
    all += structured.rows[0]?.['output']
    offset = structured.rows[0]?.['nextOffset']
  }
  return all
}

describe('car_get_output', () => {
  test.each(ways)('%s', async (_name, spell) => {
    const printed = `before ${spell(secret)} between ${jwt} behind`
    const host = { id: '7', name: `ws-${spell(secret)}`, text: spell(secret), output: printed }
    for (const maxChars of [5, 11, 1_000]) {
      const all = await allSlices(host, maxChars)
      expect(find(all), all).toEqual([])
      expect(all).toBe('before [masked-by-qualys-mcp] between [masked-by-qualys-mcp] behind')
    }
    const { text } = await callTool(getOutput, [host], { jobId: 1, assetJobId: 7 })
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
      output: `${'.'.repeat(cut)}${spell(secret)} ${spell(jwt)}`,
    }))
    for (const rows of [hosts, ...hosts.map((host) => [host])]) {
      for (const form of ['text', 'json'] as const) {
        const reply = await callTool(followRun, rows, { jobId: 1, waitSeconds: 0 }, form)
        expect(reply.isError).toBe(false)
        expect(find(JSON.stringify(reply)), reply.text.slice(0, 500)).toEqual([])
      }
    }
  })

  test('outputs that differ in a secret only are the same', async () => {
    const hosts = [
      { name: 'ws-1', output: `token ${secret}` },
      { name: 'ws-2', output: 'token [masked-by-qualys-mcp]' },
    ]
    const { structured } = await callTool(followRun, hosts, { jobId: 1, waitSeconds: 0 }, 'json')
    expect(structured.returned).toBe(1)
  })
})
