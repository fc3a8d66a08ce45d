import { isIP } from 'node:net'
import { isObject, parseJson } from '../../shared/json.ts'
import { normalizedBy, plainText, quotedText } from '../normalizations.ts'
import { namesIn, parser } from '../parsers.ts'

// Parsers for the settings of `qualys-mcp http`. Messages continue the setting's name.

/** The roles of callers (design 12). */
export const roles = ['viewer', 'operator', 'approver', 'admin'] as const

/** What a caller may do. */
export type Role = (typeof roles)[number]

const isRole = (word: unknown): word is Role => roles.some((role) => role === word)

const isLoopbackName = (hostname: string): boolean => hostname === 'localhost'

/** The address at which browsers reach the service: https with a name, or http on localhost. */
export const publicUrl = normalizedBy(
  parser((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || url.username + url.password + url.search + url.hash !== '') return undefined
    // Passkeys and cookies need a name: an address has neither.
    const isNamed = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
    const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackName(url.hostname))
    return isNamed && isSafe && /^\/*$/.test(url.pathname) ? url.origin : undefined
  }, 'must be https:// and a host name, such as https://qualys-mcp.example.com, or http://localhost and a port, without a path'),
  ...plainText,
)

/** The issuer of tokens: its exact identifier, which its tokens repeat. */
export const issuerUrl = normalizedBy(
  parser((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || url.username + url.password + url.search + url.hash !== '') return undefined
    const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? text : undefined
  }, 'must be the https:// address of an OpenID issuer, exactly as its tokens name it in `iss`'),
  ...plainText,
)

/** Words, parted by commas or white space, in their own case. */
export const words = normalizedBy(
  parser((text) => {
    const list = namesIn(text)
    return list.length > 0 ? list : undefined
  }, 'must be one or more values, parted by commas'),
  ...quotedText,
)

/** An address, or a network such as 10.0.0.0/8. */
export interface Network {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly prefix: number
}

function networkIn(text: string): Network | undefined {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  // All addresses would mean that anybody is the proxy.
  if (version === 0 || prefix > most || prefix === 0) return undefined
  return { address, family: version === 6 ? 'ipv6' : 'ipv4', prefix }
}

/** Addresses and networks, parted by commas. */
export const networks = normalizedBy(
  parser((text) => {
    const list = namesIn(text).map(networkIn)
    return list.length > 0 && list.every((network) => network !== undefined) ? list : undefined
  }, 'must list the addresses of the proxy, such as 10.1.2.3 or 10.1.0.0/16, parted by commas'),
  ...plainText,
)

/** Host names, without a port: what the Host header may say besides the usual names. */
export const hostHeaders = normalizedBy(
  parser((text) => {
    const list = namesIn(text.toLowerCase())
    return list.length > 0 && list.every((name) => /^[a-z\d._-]+$|^\[[\da-f:.]+\]$/.test(name))
      ? list
      : undefined
  }, 'must list host names without scheme and port, such as qualys-mcp.example.com, parted by commas'),
  ...plainText,
)

/** Origins of web pages that may call the service. */
export const origins = normalizedBy(
  parser((text) => {
    const list = namesIn(text)
    const isOrigin = (one: string): boolean => URL.canParse(one) && new URL(one).origin === one
    return list.length > 0 && list.every(isOrigin) ? list : undefined
  }, 'must list origins, such as https://inspector.example.com, parted by commas'),
  ...plainText,
)

/** The claim of a token, a value of it, and what that value gives. */
export interface RoleRule {
  readonly claim: string
  readonly value: string
  readonly roles: readonly Role[]
}

/** A JSON object `claim:value` → role, or a list of roles. */
export const roleRules = parser(
  (text): readonly RoleRule[] | undefined => {
    const table = parseJson(text)
    if (!isObject(table)) return undefined
    const rules = Object.entries(table).map(([key, given]): RoleRule | undefined => {
      const [, claim, value] = /^([^:\s]+):(.+)$/s.exec(key) ?? []
      const list: unknown[] = Array.isArray(given) ? given : [given]
      return claim !== undefined && value !== undefined && list.length > 0 && list.every(isRole)
        ? { claim, value, roles: list }
        : undefined
    })
    return rules.length > 0 && rules.every((rule) => rule !== undefined) ? rules : undefined
  },
  `must be a JSON object claim:value → role (${roles.join(', ')}) or a list of roles, such as {"groups:qualys-operators":"operator","scope:qualys.read":"viewer"}`,
)

const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** Algorithms of signatures. None with a shared key, and never `none`. */
export const algorithms = normalizedBy(
  parser(
    (text) => {
      const list = namesIn(text)
      return list.length > 0 && list.every((name) => asymmetric.includes(name)) ? list : undefined
    },
    `must be some of ${asymmetric.join(', ')}, parted by commas`,
  ),
  ...plainText,
)

/** A host name or an address to listen on. */
export const listenHost = normalizedBy(
  parser(
    (text) => (/^[a-zA-Z\d._-]+$/.test(text) || isIP(text) !== 0 ? text.toLowerCase() : undefined),
    'must be a host name or an address of this machine, such as localhost or 0.0.0.0, without scheme and port',
  ),
  ...plainText,
)
