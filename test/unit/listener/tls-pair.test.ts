import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readTlsPair } from '../../../src/service/network/tls-pair.ts'
import { weakPair } from '../../support/listener/weak-pair.ts'
import { issueCertificate, selfSigned } from '../../support/session/certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'qualys-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

const now = Date.UTC(2026, 10, 30)
const own = selfSigned('localhost')
const other = selfSigned('localhost')
const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }

function write(cert: string, key: string): typeof files {
  writeFileSync(files.certFile, cert)
  writeFileSync(files.keyFile, key, { mode: 0o600 })
  return files
}

describe('a certificate and its key', () => {
  test('are read', () => {
    expect(readTlsPair(write(own.cert, own.key), now)).toEqual({
      cert: own.cert,
      key: own.key.trimEnd(),
      endsAt: Date.UTC(2049, 11, 31, 23, 59, 59),
    })
  })

  test('may be followed by those up to the CA, with text between them', () => {
    const root = issueCertificate({ subject: 'Root' })
    const leaf = issueCertificate({ names: ['localhost'], by: root })
    const chain = `# ours\n${leaf.cert}\n# the CA\n${root.cert}`
    expect(readTlsPair(write(chain, leaf.key), now).cert).toBe(chain)
  })
})

describe('refused, with what to do', () => {
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  }).privateKey
  const ended = issueCertificate({ names: ['localhost'], until: '261129' })

  test.each([
    ['a key of another certificate', own.cert, other.key, /CERT_FILE .*another key.*KEY_FILE/],
    [
      'a certificate that has ended',
      ended.cert,
      ended.key,
      /CERT_FILE .*ended at 2026-11-29T23:59Z: renew it/,
    ],
    ['a file without a certificate', 'nothing\n', own.key, /CERT_FILE .*no certificate in PEM/],
    ['a key in place of the certificate', own.key, own.key, /CERT_FILE .*no certificate in PEM/],
    ['a certificate that is cut', own.cert.slice(0, 300), own.key, /CERT_FILE .*damaged/],
    ['one after it that is cut', own.cert + other.cert.slice(0, 300), own.key, /CERT_FILE .*damaged/],
    ['a certificate in place of the key', own.cert, own.cert, /KEY_FILE .*no private key/],
    ['a key that is cut', own.cert, own.key.slice(0, 60), /KEY_FILE .*no private key/],
    ['an empty key', own.cert, '', /KEY_FILE .*empty/],
    ['a key with a passphrase', own.cert, encrypted, /KEY_FILE .*passphrase.*openssl pkey/],
  ])('%s', (_name, cert, key, sentence) => {
    expect(() => readTlsPair(write(cert, key), now)).toThrow(sentence)
  })

  test('a certificate that begins later', () => {
    expect(() => readTlsPair(write(own.cert, own.key), Date.UTC(2019, 0, 1))).toThrow(/begins only .*clock/)
  })

  test.skipIf(process.platform === 'win32')('a key that others can read', () => {
    write(own.cert, own.key)
    chmodSync(files.keyFile, 0o644)
    expect(() => readTlsPair(files, now)).toThrow(/KEY_FILE .*open to other users.*chmod 600/)
    chmodSync(files.keyFile, 0o600)
  })

  test('files that are not there, or are none', () => {
    write(own.cert, own.key)
    expect(() => readTlsPair({ ...files, certFile: join(folder, 'none') }, now)).toThrow(
      /CERT_FILE .*cannot be read/,
    )
    expect(() => readTlsPair({ ...files, keyFile: join(folder, 'none') }, now)).toThrow(
      /KEY_FILE .*cannot be read/,
    )
    expect(() => readTlsPair({ ...files, certFile: folder }, now)).toThrow(/CERT_FILE .*regular file/)
  })

  test('a key that OpenSSL holds too small', () => {
    const { cert, key } = weakPair()
    expect(() => readTlsPair(write(cert, key), now)).toThrow(/CERT_FILE .*OpenSSL .*KEY_TOO_SMALL/)
  })
})
