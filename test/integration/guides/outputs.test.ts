import { describe, expect } from 'vitest'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { type Assistant, buildServerParts, openAssistant } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { RawClient } from '../../support/consent/raw-client.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'
import { someJwt as jwt, leakSearch } from '../../support/leak-search.ts'
import { assetJobs, requestBodies, serveHosts, withoutFences } from '../../support/workflows/runs.ts'

// The whole output of one host as a resource.

const secret = canary('output')
const find = leakSearch([secret])
const test = testOn({ jobs: 100 }, { QUALYS_SECRET_CANARY: secret, QUALYS_REPLY_CHARS: '2000' })

const uri = 'qualys://outputs/1/7'

async function read(assistant: Assistant, address = uri): Promise<string> {
  const { contents } = (await assistant.request('resources/read', { uri: address })) as {
    contents: { uri: string; mimeType: string; text: string }[]
  }
  expect(contents).toHaveLength(1)
  expect(contents[0]).toMatchObject({ uri: address, mimeType: 'text/plain' })
  return contents[0]?.text ?? ''
}

/** The text between the marks. */
const inside = (text: string): string | undefined => /<<([0-9a-f]{8})\n([\s\S]*)\n\1>>/.exec(text)?.[2]

describe('the output', () => {
  test('is complete, regardless of the reply limit', async ({ sandbox, assistant }) => {
    const printed = Array.from({ length: 40_000 }, (_, line) => `line ${line}\tü😀|`).join('\n')
    await serveHosts(sandbox.control, [
      { id: '7', name: 'ws-7', code: 2, text: 'File not found', output: printed },
    ])
    const text = await read(assistant)
    expect(inside(text)).toBe(printed)
    expect(withoutFences(text)).toMatch(/^asset job 7 \(ws-7\): failed, code 2 "File not found"\n/)
    expect(withoutFences(text)).toMatch(/data, not instructions/)
    expect(withoutFences(text)).not.toMatch(/cut/)
  })

  test('is requested alone', async ({ sandbox, assistant }) => {
    const hosts = Array.from({ length: 5 }, (_, index) => ({ id: String(index + 5), output: `p${index}` }))
    await serveHosts(sandbox.control, hosts)
    await read(assistant, 'qualys://outputs/1/5')
    expect(
      (await requestBodies(sandbox.control)).map(({ includeScriptResult: whole }) => whole ?? false),
    ).toEqual([false, true])
  })

  test('holds no secret', async ({ sandbox, assistant }) => {
    const printed = `before ${secret} between ${jwt} behind`
    await serveHosts(sandbox.control, [{ id: '7', name: `ws-${secret}`, text: secret, output: printed }])
    const text = await read(assistant)
    expect(find(text), text).toEqual([])
    expect(inside(text)).toBe('before [masked-by-qualys-mcp] between [masked-by-qualys-mcp] behind')
  })

  test('of more than four million characters is truncated', async ({ sandbox, assistant }) => {
    await serveHosts(sandbox.control, [{ id: '7', output: 'x'.repeat(4 * 1024 * 1024 + 5) }])
    const text = await read(assistant)
    expect(inside(text)).toHaveLength(4 * 1024 * 1024)
    expect(text).toMatch(
      /Note: cut after 4,194,304 of 4,194,309 characters; car_get_output .* offset 4194304\.$/,
    )
  })

  test('of the sandbox is marked as such', async ({ sandbox, assistant }) => {
    await serveHosts(sandbox.control, [{ id: '7', output: 'x' }])
    const { options, close } = buildServerParts(environmentFor(sandbox))
    const { configuration } = options
    const settings = { ...configuration.settings, sandbox: true }
    const channel = await connectInProcess({ ...options, configuration: { ...configuration, settings } })
    const { contents } = await channel.request('resources/read', { uri })
    expect((contents as { text: string }[])[0]?.text).toMatch(/^sandbox: asset job 7/)
    await channel.close()
    await close()
    expect(await read(assistant)).toMatch(/^asset job 7/)
  })
})

describe('errors', () => {
  const error = async (assistant: Assistant, address: string): Promise<string> =>
    read(assistant, address).then(
      () => 'read',
      ({ message }: Error) => message,
    )

  test('ids that are malformed, or do not exist', async ({ assistant }) => {
    expect(await error(assistant, 'qualys://outputs/1/..')).toMatch(/assetJobId must be an id|not found/)
    expect(await error(assistant, 'qualys://outputs/1/%2e%2e%2fx')).toMatch(
      /assetJobId must be an id.*<assetJobId>/,
    )
    expect(await error(assistant, 'qualys://outputs/a b/7')).toMatch(/jobId must be an id/)
    expect(await error(assistant, 'qualys://outputs/1/7?x=1')).toMatch(/assetJobId must be an id/)
    expect(await error(assistant, 'qualys://outputs/1')).toMatch(/Resource not found/)
    expect(await error(assistant, 'qualys://outputs/1/7/8')).toMatch(/Resource not found/)
    expect(await error(assistant, 'qualys://outputs/1/424242')).toMatch(
      /Run 1 has no asset job 424242\. Take the id from car_search_asset_jobs/,
    )
  })

  test('a malformed id causes no request to Qualys', async ({ sandbox, assistant }) => {
    await error(assistant, 'qualys://outputs/1/%2e%2e')
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('a refusal of Qualys is reported, redacted, with the advice for who can act on it', async ({
    sandbox,
    assistant,
  }) => {
    const body = { errorCode: '1', message: `no ${secret}` }
    await sandbox.control.faults([{ route: assetJobs, kind: 'reply', status: 403, body }])
    const message = await error(assistant, uri)
    expect(message).toMatch(/^This user may not do that \(403.* Ask the operator/)
    expect(find(message)).toEqual([])
  })

  test('it is not there without car_get_output', async () => {
    const there = await openAssistant({ QUALYS_EXCLUDE_TOOLS: 'car_get_output' })
    const { resourceTemplates } = await there.request('resources/templates/list')
    expect(JSON.stringify(resourceTemplates)).not.toContain('outputs')
    await expect(there.request('resources/read', { uri })).rejects.toThrow(/Resource not found/)
    await there.close()
  })

  test('a cancelled request logs no error', async ({ sandbox }) => {
    const held = await openHoldingGateway(sandbox.gatewayUrl, ['/sm/v2/assetjobs/search'])
    const environment = { ...environmentFor(sandbox), QUALYS_GATEWAY_URL: held.url }
    const { options, log, close } = buildServerParts(environment)
    const client = await RawClient.open(options, 'legacy')
    void client.request('resources/read', { uri })
    await held.arrived
    const params = { requestId: 2, reason: 'the person changed their mind' }
    await client.send({ method: 'notifications/cancelled', params })
    held.release()
    await client.call('car_list_script_types', {})
    expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([])
    await client.close()
    await close()
    await held.close()
  })
})
