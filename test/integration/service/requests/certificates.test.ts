import { request } from 'node:https'
import { expect } from 'vitest'
import { pairFiles, shakeHands } from '../../../support/listener/tls.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { issueCertificate } from '../../../support/session/certificate.ts'

// TLS through the whole service: a certificate that has ended, and one that is renewed.

const test = serviceTestOn()

const names = ['localhost', '127.0.0.1']
const pair = (more: object = {}) => issueCertificate({ names, ...more })

const settingsFor = ({ certFile, keyFile }: { readonly certFile: string; readonly keyFile: string }) => ({
  QUALYS_TLS_CERT_FILE: certFile,
  QUALYS_TLS_KEY_FILE: keyFile,
})

/** The status of tools/list over TLS. */
function listOverTls(
  port: number,
  ca: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', ca, method: 'POST', path: '/mcp', headers, agent: false },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

test('a call over TLS is served, one in plain text is not', async ({ serve }) => {
  const certificate = pair()
  const service = await serve({ settings: settingsFor(pairFiles(certificate)) })
  const client = service.client('ada')
  const message = client.messageOf('tools/list')
  const { cert } = certificate
  expect(
    await listOverTls(service.port, cert, client.headersFor('tools/list'), JSON.stringify(message)),
  ).toBe(200)
  await expect(client.post(message)).rejects.toThrow()
  expect(service.url).toBe(`https://localhost:${service.port}`)
})

test('a certificate that has ended stops the start', async ({ serve }) => {
  const files = pairFiles(pair({ until: '210101' }))
  await expect(serve({ settings: settingsFor(files) })).rejects.toThrow(
    /^The file that QUALYS_TLS_CERT_FILE names holds a certificate that ended at 2021-01-01T23:59Z: renew it\.$/,
  )
})

test('one that is replaced by an ended one stays in use, and the service says that it is not ready', async ({
  serve,
}) => {
  const files = pairFiles(pair())
  const service = await serve({ settings: settingsFor(files) })
  const { fingerprint } = await shakeHands(service.port)
  files.replace(pair({ until: '210101' }))
  service.reload()
  expect((await shakeHands(service.port)).fingerprint).toBe(fingerprint)
  const ready = await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)
  expect(ready.status).toBe(503)
  expect(JSON.stringify(await ready.json())).toContain('ended at 2021-01-01T23:59Z')
  files.replace(pair())
  service.reload()
  expect((await shakeHands(service.port)).fingerprint).not.toBe(fingerprint)
  expect((await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)).status).toBe(200)
})
