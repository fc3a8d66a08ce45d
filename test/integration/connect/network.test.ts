import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { text as textOfStream } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../support/connect/folder.ts'
import { StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { answerJson } from '../../support/connect/stub.ts'
import { issueCertificate } from '../../support/session/certificate.ts'
import { listening } from '../../support/session/gateway.ts'
import { openProxy } from '../network/proxy-server.ts'

// The way to the service: a CA of the network's own, and a proxy.

const host = 'mcp.example.com'

/** A service behind TLS under this name, with the CA that issued its certificate, and a proxy on the way to it. */
async function openNetwork() {
  const authority = issueCertificate({ subject: 'CA of the network' })
  const { key, cert } = issueCertificate({ subject: 'a service', names: [host, 'localhost'], by: authority })
  const headers: NodeJS.Dict<string | string[]>[] = []
  const service = await listening(
    createServer({ key, cert }, async (req, res) => {
      headers.push(req.headers)
      const { id } = JSON.parse(await textOfStream(req))
      answerJson(res, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'done' }] } })
    }),
  )
  const proxy = await openProxy(service.port)
  onTestFinished(async () => {
    await proxy.close()
    await service.close()
  })
  const folder = temporaryFolder()
  const caFile = join(folder, 'ca.pem')
  const tokenFile = join(folder, 'token')
  writeFileSync(caFile, authority.cert)
  writeFileSync(tokenFile, 'canary-token', { mode: 0o600 })
  return { port: service.port, proxy, caFile, tokenFile, headers }
}

const params = { name: 'tool' }

test('QUALYS_CA_FILE names a CA that is trusted', async () => {
  const { port, caFile, tokenFile, headers } = await openNetwork()
  const settings = { QUALYS_CA_FILE: caFile }
  const client = new StdioClient(`https://localhost:${port}/mcp`, { settings, tokenFile })
  expect(textOf(await client.currentRequest('tools/call', params))).toBe('done')
  expect(headers[0]?.['authorization']).toBe('Bearer canary-token')
})

test('a certificate of another CA fails at once, before the token is sent', async () => {
  const { port, tokenFile, headers } = await openNetwork()
  const client = new StdioClient(`https://localhost:${port}/mcp`, { tokenFile })
  expect(textOf(await client.currentRequest('tools/call', params))).toMatch(
    /^The certificate of https:\/\/localhost:\d+ is not trusted .* Nothing was sent\.$/,
  )
  expect(client.log.join('')).not.toContain('sent again')
  expect(headers).toEqual([])
})

test('HTTPS_PROXY leads to the service, and does not see the token', async () => {
  const { proxy, caFile, tokenFile } = await openNetwork()
  const settings = { QUALYS_CA_FILE: caFile, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
  const client = new StdioClient(`https://${host}/mcp`, { settings, tokenFile })
  expect(textOf(await client.currentRequest('tools/call', params))).toBe('done')
  expect(proxy.connects).toEqual([{ to: `${host}:443`, authorization: undefined }])
})

test('a file of CAs that cannot be used is told to the client', async () => {
  const { port } = await openNetwork()
  const settings = { QUALYS_CA_FILE: join(temporaryFolder(), 'none') }
  const client = new StdioClient(`https://localhost:${port}/mcp`, { settings })
  expect(textOf(await client.currentRequest('tools/call', params))).toBe(
    'The file that QUALYS_CA_FILE names cannot be read. Nothing was sent.',
  )
})
