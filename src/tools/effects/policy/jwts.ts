import { isObject } from '../../../shared/json.ts'
import { isExample } from './examples.ts'

/** Sticky: restarting at each `eyJ` of half a megabyte of them takes minutes. */
const start = /(?<![\w-])eyJ[\w-]{8,}/g
const rest = /\.([\w-]*)\.([\w-]+)(?:\.([\w-]+)\.([\w-]+))?/y

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown
  } catch {
    return undefined
  }
}

/** True for a header, a payload and a signature; or for an encrypted token, which has five parts. */
function isJwt(header: string, [, second = '', , fourth, fifth]: RegExpExecArray): boolean {
  const decoded = decodePart(header)
  if (!isObject(decoded) || typeof decoded['alg'] !== 'string') return false
  if (decoded['enc'] !== undefined) return fourth !== undefined && fifth !== undefined
  const payload = decodePart(second)
  // The example of jwt.io, and those made after it, are about user 1234567890.
  return isObject(payload) && !(typeof payload['sub'] === 'string' && isExample(payload['sub']))
}

/** True if the text holds a JSON Web Token that can be used: both parts are JSON, and a signature follows. */
export function holdsJwt(text: string): boolean {
  for (const match of text.matchAll(start)) {
    rest.lastIndex = match.index + match[0].length
    const parts = rest.exec(text)
    if (parts && isJwt(match[0], parts)) return true
  }
  return false
}
