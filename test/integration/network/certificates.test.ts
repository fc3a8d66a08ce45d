import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, openFolder, openTlsGateway, readOnce } from '../../support/network/caller.ts'
import { issueCertificate, selfSigned } from '../../support/session/certificate.ts'
import { listening } from '../../support/session/gateway.ts'

// Real TLS on this machine: which certificates are trusted, and how refused ones are reported.
const folder = openFolder()
const root = issueCertificate({ subject: 'Root of the network' })
const intermediate = issueCertificate({ subject: 'Intermediate of the network', by: root })
const stranger = issueCertificate({ subject: 'Root of somebody else' })
const leaf = issueCertificate({ subject: 'gateway', names: ['localhost', '127.0.0.1'], by: root })
const deep = issueCertificate({ subject: 'gateway', names: ['localhost'], by: intermediate })

const running: { close: () => Promise<void> }[] = []
const rows = expect.objectContaining({ rows: [] })

/** The address of a gateway that shows this certificate. */
async function openGatewayWith(pair: { key: string; cert: string }, more: object = {}, name = 'localhost') {
  const { port, close } = await openTlsGateway({ key: pair.key, cert: pair.cert, ...more })
  running.push({ close })
  return `https://${name}:${port}`
}

let plain: string
beforeAll(async () => {
  plain = await openGatewayWith(leaf)
})
afterAll(async () => {
  await Promise.all(running.map(({ close }) => close()))
  await folder.remove()
})
const sessionTrusting = (...cas: readonly string[]) => ({
  QUALYS_CA_FILE: folder.write(`${cas.length}-${Math.random()}.pem`, cas.join('')),
})

describe('trusted', () => {
  test('a certificate signed by the CA file', async () => {
    await expect(readOnce(plain, sessionTrusting(root.cert))).resolves.toEqual(rows)
  })

  test('by its address', async () => {
    const url = plain.replace('localhost', '127.0.0.1')
    await expect(readOnce(url, sessionTrusting(root.cert))).resolves.toEqual(rows)
  })

  test('by any of several CAs in one file, with text between them', async () => {
    const settings = sessionTrusting(
      '# Corporate roots\r\n',
      stranger.cert.replaceAll('\n', '\r\n'),
      '\n\n# second\n',
      root.cert,
    )
    await expect(readOnce(plain, settings)).resolves.toEqual(rows)
  })

  test.each([
    ['the gateway sends it', { cert: deep.cert + intermediate.cert }, [root.cert]],
    ['the file holds it as well', { cert: deep.cert }, [root.cert, intermediate.cert]],
  ])('through an intermediate certificate, where %s', async (_name, more, cas) => {
    await expect(readOnce(await openGatewayWith(deep, more), sessionTrusting(...cas))).resolves.toEqual(rows)
  })

  test('a self-signed certificate, when the file holds it', async () => {
    const own = selfSigned('localhost')
    await expect(readOnce(await openGatewayWith(own), sessionTrusting(own.cert))).resolves.toEqual(rows)
  })
})

describe('not trusted, each with its own setup error that names the host', () => {
  /** The error about a gateway, which the operator has to solve. */
  async function gatewayError(url: string, settings = {}): Promise<string> {
    const { kind, text } = await failureOf(readOnce(url, settings))
    expect(kind, text).toBe('setup')
    expect(text).toContain(url)
    return text
  }

  test('signed by an unknown CA', async () => {
    expect(await gatewayError(plain)).toMatch(/certificate.*(not trusted|nobody|unknown).*QUALYS_CA_FILE/)
    expect(await gatewayError(plain, sessionTrusting(stranger.cert))).toMatch(/certificate.*QUALYS_CA_FILE/)
  })

  test('the intermediate certificate is missing', async () => {
    expect(await gatewayError(await openGatewayWith(deep), sessionTrusting(root.cert))).toMatch(
      /certificate.*QUALYS_CA_FILE/,
    )
  })

  test('self-signed', async () => {
    expect(await gatewayError(await openGatewayWith(selfSigned('localhost')))).toMatch(
      /sign(s|ed) (by )?itself|self-signed/,
    )
  })

  test('expired', async () => {
    const old = issueCertificate({ subject: 'gateway', names: ['localhost'], by: root, until: '210101' })
    const text = await gatewayError(await openGatewayWith(old), sessionTrusting(root.cert))
    expect(text).toMatch(/expired/)
    expect(text).toMatch(/clock|date/)
  })

  test('for another name', async () => {
    const other = issueCertificate({ subject: 'gateway', names: ['gateway.other.example'], by: root })
    expect(await gatewayError(await openGatewayWith(other), sessionTrusting(root.cert))).toMatch(
      /another (host|name)|not for|does not name/,
    )
  })

  test('each error has a sentence of its own', async () => {
    const pairs = [
      leaf,
      selfSigned('localhost'),
      issueCertificate({ names: ['localhost'], by: root, until: '210101' }),
      issueCertificate({ names: ['gateway.other.example'], by: root }),
    ]
    const sentences = []
    for (const [place, pair] of pairs.entries()) {
      const text = await gatewayError(
        await openGatewayWith(pair),
        place < 2 ? {} : sessionTrusting(root.cert),
      )
      sentences.push(text.replaceAll(/localhost:\d+/g, 'host').replaceAll(/\([\w-]+\)/g, ''))
    }
    expect(new Set(sentences).size, sentences.join('\n')).toBe(pairs.length)
  })
})

describe('an unusable CA file fails the first call, and the error names the setting', () => {
  test.each([
    ['is empty', ''],
    ['holds no PEM', 'MIIB this is no certificate\n'],
    ['holds a key', leaf.key],
    ['holds a certificate that is cut', `${root.cert.slice(0, 200)}\n-----END CERTIFICATE-----\n`],
    [
      'holds a good one, and one that is cut',
      `${root.cert}${root.cert.slice(0, 200)}\n-----END CERTIFICATE-----\n`,
    ],
  ])('%s', async (_name, text) => {
    const { kind, text: said } = await failureOf(readOnce(plain, sessionTrusting(text)))
    expect(kind).toBe('setup')
    expect(said).toMatch(/QUALYS_CA_FILE/)
    expect(said).not.toContain(plain)
  })

  test('is not there', async () => {
    const { kind, text } = await failureOf(
      readOnce(plain, { QUALYS_CA_FILE: folder.write('x', '').concat('.none') }),
    )
    expect({ kind, text }).toMatchObject({ kind: 'setup', text: expect.stringContaining('QUALYS_CA_FILE') })
  })
})

describe('TLS before 1.2', () => {
  const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }

  test('is refused with a sentence', async () => {
    const url = await openGatewayWith(leaf, old)
    const { kind, text } = await failureOf(readOnce(url, sessionTrusting(root.cert)))
    expect(kind).toBe('setup')
    expect(text).toContain(url)
    expect(text).toMatch(/TLS .*1\.2/)
    expect(text).not.toMatch(/QUALYS_CA_FILE/)
  })

  test('1.2 and 1.3 are accepted', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'])
      await expect(
        readOnce(
          await openGatewayWith(leaf, { minVersion: version, maxVersion: version }),
          sessionTrusting(root.cert),
        ),
      ).resolves.toEqual(rows)
  })
})

test('a server that speaks no TLS is not reported as a certificate problem', async () => {
  const server = await listening(createServer((_request, response) => response.end('{}')))
  running.push(server)
  const url = `https://localhost:${server.port}`
  const { kind, text } = await failureOf(readOnce(url))
  expect(kind).toBe('setup')
  expect(text).toContain(url)
  expect(text).toMatch(/no TLS|not TLS|TLS/)
  expect(text).not.toMatch(/is not trusted/)
})
