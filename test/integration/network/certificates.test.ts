import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, failing, openFar, openFolder } from '../../support/network/caller.ts'
import { certified, selfSigned } from '../../support/session/certificate.ts'
import { listening } from '../../support/session/gateway.ts'

// Real TLS on this machine: which certificates are trusted, and how the others are told apart.
const folder = openFolder()
const root = certified({ subject: 'Root of the network' })
const between = certified({ subject: 'Intermediate of the network', by: root })
const stranger = certified({ subject: 'Root of somebody else' })
const leaf = certified({ subject: 'gateway', names: ['localhost', '127.0.0.1'], by: root })
const deep = certified({ subject: 'gateway', names: ['localhost'], by: between })

const running: { close: () => Promise<void> }[] = []
const rows = expect.objectContaining({ rows: [] })

/** The address of a gateway that shows this certificate. */
async function showing(pair: { key: string; cert: string }, more: object = {}, name = 'localhost') {
  const { port, close } = await openFar({ key: pair.key, cert: pair.cert, ...more })
  running.push({ close })
  return `https://${name}:${port}`
}

let plain: string
beforeAll(async () => {
  plain = await showing(leaf)
})
afterAll(async () => {
  await Promise.all(running.map(({ close }) => close()))
  await folder.remove()
})
const trusting = (...cas: readonly string[]) => ({
  QUALYS_CA_FILE: folder.write(`${cas.length}-${Math.random()}.pem`, cas.join('')),
})

describe('trusted', () => {
  test('what the CA file vouches for', async () => {
    await expect(ask(plain, trusting(root.cert))).resolves.toEqual(rows)
  })

  test('by its address', async () => {
    const url = plain.replace('localhost', '127.0.0.1')
    await expect(ask(url, trusting(root.cert))).resolves.toEqual(rows)
  })

  test('by any of several CAs in one file, with words between them', async () => {
    const settings = trusting(
      '# Corporate roots\r\n',
      stranger.cert.replaceAll('\n', '\r\n'),
      '\n\n# second\n',
      root.cert,
    )
    await expect(ask(plain, settings)).resolves.toEqual(rows)
  })

  test.each([
    ['the gateway sends it', { cert: deep.cert + between.cert }, [root.cert]],
    ['the file holds it as well', { cert: deep.cert }, [root.cert, between.cert]],
  ])('through an intermediate, where %s', async (_name, more, cas) => {
    await expect(ask(await showing(deep, more), trusting(...cas))).resolves.toEqual(rows)
  })

  test('a certificate that signs itself, when the file holds it', async () => {
    const own = selfSigned('localhost')
    await expect(ask(await showing(own), trusting(own.cert))).resolves.toEqual(rows)
  })
})

describe('not trusted, and told apart: a setup error that names the host', () => {
  /** What is said of a gateway, which is the operator's to mend. */
  async function said(url: string, settings = {}): Promise<string> {
    const { kind, text } = await failing(ask(url, settings))
    expect(kind, text).toBe('setup')
    expect(text).toContain(url)
    return text
  }

  test('nobody known has signed it', async () => {
    expect(await said(plain)).toMatch(/certificate.*(not trusted|nobody|unknown).*QUALYS_CA_FILE/)
    expect(await said(plain, trusting(stranger.cert))).toMatch(/certificate.*QUALYS_CA_FILE/)
  })

  test('the intermediate is missing', async () => {
    expect(await said(await showing(deep), trusting(root.cert))).toMatch(/certificate.*QUALYS_CA_FILE/)
  })

  test('it signs itself', async () => {
    expect(await said(await showing(selfSigned('localhost')))).toMatch(/sign(s|ed) (by )?itself|self-signed/)
  })

  test('it has expired', async () => {
    const old = certified({ subject: 'gateway', names: ['localhost'], by: root, until: '210101' })
    const text = await said(await showing(old), trusting(root.cert))
    expect(text).toMatch(/expired/)
    expect(text).toMatch(/clock|date/)
  })

  test('it is for another name', async () => {
    const other = certified({ subject: 'gateway', names: ['gateway.other.example'], by: root })
    expect(await said(await showing(other), trusting(root.cert))).toMatch(
      /another (host|name)|not for|does not name/,
    )
  })

  test('each has a sentence of its own', async () => {
    const pairs = [
      leaf,
      selfSigned('localhost'),
      certified({ names: ['localhost'], by: root, until: '210101' }),
      certified({ names: ['gateway.other.example'], by: root }),
    ]
    const sentences = []
    for (const [place, pair] of pairs.entries()) {
      const text = await said(await showing(pair), place < 2 ? {} : trusting(root.cert))
      sentences.push(text.replaceAll(/localhost:\d+/g, 'host').replaceAll(/\([\w-]+\)/g, ''))
    }
    expect(new Set(sentences).size, sentences.join('\n')).toBe(pairs.length)
  })
})

describe('a CA file of no use stops the first call, and says which setting', () => {
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
    const { kind, text: said } = await failing(ask(plain, trusting(text)))
    expect(kind).toBe('setup')
    expect(said).toMatch(/QUALYS_CA_FILE/)
    expect(said).not.toContain(plain)
  })

  test('is not there', async () => {
    const { kind, text } = await failing(
      ask(plain, { QUALYS_CA_FILE: folder.write('x', '').concat('.none') }),
    )
    expect({ kind, text }).toMatchObject({ kind: 'setup', text: expect.stringContaining('QUALYS_CA_FILE') })
  })
})

describe('TLS before 1.2', () => {
  const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }

  test('is refused with a sentence', async () => {
    const url = await showing(leaf, old)
    const { kind, text } = await failing(ask(url, trusting(root.cert)))
    expect(kind).toBe('setup')
    expect(text).toContain(url)
    expect(text).toMatch(/TLS .*1\.2/)
    expect(text).not.toMatch(/QUALYS_CA_FILE/)
  })

  test('1.2 and 1.3 are spoken', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'])
      await expect(
        ask(await showing(leaf, { minVersion: version, maxVersion: version }), trusting(root.cert)),
      ).resolves.toEqual(rows)
  })
})

test('something that speaks no TLS where it should is no matter of certificates', async () => {
  const server = await listening(createServer((_request, response) => response.end('{}')))
  running.push(server)
  const url = `https://localhost:${server.port}`
  const { kind, text } = await failing(ask(url))
  expect(kind).toBe('setup')
  expect(text).toContain(url)
  expect(text).toMatch(/no TLS|not TLS|TLS/)
  expect(text).not.toMatch(/is not trusted/)
})
