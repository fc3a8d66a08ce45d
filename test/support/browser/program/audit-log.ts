import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The signature in the line of an approval. Throws if there is none. */
export function signatureIn(path: string): string {
  const [, signature] = /"signature":"([\w-]+)"/.exec(readFileSync(path, 'utf8')) ?? []
  if (signature === undefined) throw new Error(`${path} holds no signature.`)
  return signature
}

/** The same text with another character in its middle. */
export function withOtherByte(text: string): string {
  const at = Math.floor(text.length / 2)
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}

/** Replaces a text in a log. `isRewritten`: with the hashes of all lines made anew, as who owns the file can. */
export function changeLog(
  path: string,
  [from, to]: readonly [from: string, to: string],
  { isRewritten }: { readonly isRewritten: boolean },
): void {
  const hashes = new Map<string, string>()
  const rewritten = (line: string): string => {
    const [, old = ''] = /,"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? []
    let body = line.replace(from, to).replace(/,"hash":"[0-9a-f]{64}"\}$/, '}')
    for (const [before, after] of hashes) body = body.replace(before, after)
    hashes.set(old, sha256(body))
    return `${body.slice(0, -1)},"hash":"${sha256(body)}"}`
  }
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const change = isRewritten ? rewritten : (line: string) => line.replace(from, to)
  writeFileSync(path, `${lines.map(change).join('\n')}\n`)
}
