import { isExample } from './examples.ts'

/** PEM, OpenPGP and SSH2; PuTTY's files have no such line. */
const header =
  /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----|Private-Lines: \d{1,3}/g

/** Line ends as a text in a text spells them: JSON and shells, PowerShell, URLs, HTML. */
const escapedLineEnds = /\\+[rn]|`[rn]|%0[ad]|&#(?:1[03]|x0?[ad]);/gi

/** Headers of a PEM (RFC 1421) and of an OpenPGP block, such as `Proc-Type: 4,ENCRYPTED`. */
const keyHeaders = /^[ \t"'#>|*]*(?:[A-Z][\w-]{2,30}: ?[^\n]*)$/gm

/** What stands around the lines of a key in a script: quotes, joining, comments, indentation. */
const betweenLines = '[\\s"\'`+&.,;#>|*\\\\()]{0,80}'
const bodyPattern = new RegExp(`^${betweenLines}((?:[A-Za-z0-9+/=]{16,}${betweenLines}){1,100})`)

const leastKeyLength = 32

/** True if base64 follows, in the mix of characters that a key has and a path has not. */
function isKeyBody(text: string): boolean {
  const lines = text.replace(escapedLineEnds, '\n').replace(keyHeaders, '')
  const body = bodyPattern.exec(lines)?.[1]?.replace(/[^A-Za-z0-9+/=]/g, '') ?? ''
  const isMixed = /[A-Z]/.test(body) && /[a-z]/.test(body) && /\d/.test(body) && !body.startsWith('/')
  return body.length >= leastKeyLength && isMixed && !isExample(body.slice(0, 64))
}

const maxBodyLength = 4_000

/** True for a private key with its body. A header alone is what scripts look for in files. */
export function holdsPrivateKey(text: string): boolean {
  const headers = [...text.matchAll(header)]
  return headers.some(({ 0: { length }, index }, position) => {
    const start = index + length
    // Up to the next header, so that each part of half a megabyte of headers is looked at once.
    const end = Math.min(headers[position + 1]?.index ?? text.length, start + maxBodyLength)
    const [body = ''] = text.slice(start, end).split('----', 1)
    return isKeyBody(body)
  })
}
