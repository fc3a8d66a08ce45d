import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { onTestFinished } from 'vitest'

/** A certificate and its key, in PEM. */
interface Pair {
  readonly cert: string
  readonly key: string
}

/** The two files of a certificate in a folder that is removed after the test. */
export interface PairFiles {
  readonly certFile: string
  readonly keyFile: string
  /** Replaces one or both, as renewals do: each is written elsewhere and renamed. */
  readonly replace: (parts: Partial<Pair>) => void
}

export function pairFiles(pair: Pair): PairFiles {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const replace = (parts: Partial<Pair>): void => {
    for (const name of ['cert', 'key'] as const) {
      const text = parts[name]
      if (text === undefined) continue
      writeFileSync(`${files[name]}.new`, text, { mode: 0o600 })
      renameSync(`${files[name]}.new`, files[name])
    }
  }
  replace(pair)
  return { certFile: files.cert, keyFile: files.key, replace }
}

/** What a client and the service have agreed on. */
interface Handshake {
  readonly version: string | null
  readonly application: string | false | null
  /** The certificate, by its SHA-256. */
  readonly fingerprint: string
}

/** Makes one connection with TLS, trusting whatever is shown. Rejects with Node's error. */
export function shakeHands(port: number, options: ConnectionOptions = {}): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const { fingerprint256 } = socket.getPeerCertificate()
      resolve({
        version: socket.getProtocol(),
        application: socket.alpnProtocol,
        fingerprint: fingerprint256,
      })
      socket.end()
    })
    socket.on('error', reject)
  })
}
