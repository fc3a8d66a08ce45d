import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { accountAt, openFolder, openTlsGateway } from '../../support/network/caller.ts'
import { issueCertificate } from '../../support/session/certificate.ts'

// TLS must ignore some environment variables of a process; certificates: test/integration/network.

const folder = openFolder()
const root = issueCertificate({ subject: 'Root of the network' })
const leaf = issueCertificate({ subject: 'gateway', names: ['localhost', '127.0.0.1'], by: root })
const ca = folder.write('root.pem', root.cert)

/** The address of a gateway with this certificate. */
async function gatewayWith(more: object = {}): Promise<{ url: string; close: () => Promise<void> }> {
  const { port, close } = await openTlsGateway({ key: leaf.key, cert: leaf.cert, ...more })
  return { url: `https://localhost:${port}`, close }
}

let gateway: Awaited<ReturnType<typeof gatewayWith>>
beforeAll(async () => {
  gateway = await gatewayWith()
})
afterAll(async () => {
  await gateway.close()
  await folder.remove()
})

/** One read of the built program. */
const call = (url: string, more: Readonly<Record<string, string>>) =>
  runProgram(['call', 'car_list_script_types'], {
    ...processEnvironment(environmentFor(accountAt(url), { QUALYS_MAX_WAIT_SECONDS: '0' })),
    ...more,
  })

test('no variable of Node lowers the TLS version', async () => {
  const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }
  const { url, close } = await gatewayWith(old)
  const { code, stdout } = await call(url, {
    QUALYS_CA_FILE: ca,
    NODE_OPTIONS: '--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0',
  })
  await close()
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/TLS .*1\.2/) })
})

test.each([
  ['certificate nobody signed', (url: string) => url],
  ['wrong name', (url: string) => url.replace('localhost', '[::ffff:127.0.0.1]')],
])('NODE_TLS_REJECT_UNAUTHORIZED=0 does not make a %s acceptable', async (_name, addressOf) => {
  const { code, stdout } = await call(addressOf(gateway.url), { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/certificate/) })
})

test('no TLS key is written where an environment variable requests it', async () => {
  const log = folder.write('keys.log', '')
  const { stdout, code } = await call(gateway.url, { QUALYS_CA_FILE: ca, SSLKEYLOGFILE: log })
  expect({ code, keys: readFileSync(log, 'utf8'), stdout }).toMatchObject({ code: 0, keys: '' })
})

test('QUALYS_CA_FILE adds to what NODE_EXTRA_CA_CERTS gives', async () => {
  const other = folder.write('other.pem', issueCertificate({ subject: 'Root of somebody else' }).cert)
  const damaged = folder.write('damaged.pem', `${root.cert.slice(0, 200)}\n-----END CERTIFICATE-----\n`)
  const codeWith = async (env: Readonly<Record<string, string>>) => (await call(gateway.url, env)).code
  expect(await codeWith({ NODE_EXTRA_CA_CERTS: ca })).toBe(0)
  expect(await codeWith({ QUALYS_CA_FILE: other })).toBe(1)
  expect(await codeWith({ NODE_EXTRA_CA_CERTS: ca, QUALYS_CA_FILE: other })).toBe(0)
  // Node ignores a file that it cannot read, with a warning.
  for (const extra of [damaged, `${ca}.none`])
    expect(await codeWith({ NODE_EXTRA_CA_CERTS: extra, QUALYS_CA_FILE: ca })).toBe(0)
})
