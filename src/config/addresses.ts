import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { oneLine } from '../shared/safe-text.ts'
import { type Normalization, normalizedBy, plainText, UnusableValueError } from './normalizations.ts'
import { parser } from './parsers.ts'
import { findPlatform, isBelowQualys, meantCode, meantHost, type Platform, platforms } from './platforms.ts'

// The addresses of Qualys, as people copy them. What cannot be taken is answered with what to write.

/** Names and addresses of this machine. */
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/
const scheme = /^[a-z][a-z\d+.-]*:\/\//i
const anAddress = 'must be an address such as https://gateway.qg1.apps.qualys.com'

/** The address in a text, with or without a scheme; undefined if there is none. */
function addressIn(text: string): URL | undefined {
  const address = scheme.test(text) ? text : `https://${text}`
  if (/[^\x21-\x7e]/.test(text) || !URL.canParse(address)) return undefined
  const url = new URL(address)
  url.hostname = url.hostname.replace(/\.$/, '')
  return /^(?:[\w.-]+|\[.+\])$/.test(url.hostname) ? url : undefined
}

/** Why an address cannot be taken, and what to write; undefined if it can. */
function faultOf(text: string, url: URL): string | undefined {
  const isLocal = loopback.test(url.hostname)
  const { host } = url
  const meant = meantHost(url.hostname)
  if (url.username + url.password !== '') return `${anAddress}, without path or credentials`
  if (meant !== undefined) return `names no host of Qualys (did you mean https://${meant}?)`
  if (isBelowQualys(url.hostname) && !findPlatform(url.hostname))
    return 'names no gateway and no API server of Qualys: set QUALYS_PLATFORM to the code of your platform instead'
  if (!scheme.test(text)) {
    if (!/[.:]/.test(host) && !isLocal) return anAddress
    return isLocal
      ? `must start with http:// or https://: write http://${host}`
      : `must start with https://: write https://${host}`
  }
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))
    return `must start with https:// (http is for this machine only, since credentials travel there): write https://${host}`
  if (/^\/*$/.test(url.pathname) && url.search + url.hash === '') return undefined
  const extra = url.search + url.hash === '' ? oneLine(url.pathname, 60) : 'what follows the host'
  return `must be an address without path or credentials: leave ${extra} out, and write ${url.origin}`
}

/** An origin: https, or http on this machine. */
export const origin = z.string().transform((text, context): string => {
  const url = addressIn(text)
  const code = platforms.find(({ code }) => code === (url?.hostname ?? text).toUpperCase())?.code
  const fault =
    code === undefined
      ? url
        ? faultOf(text, url)
        : `${anAddress}, without path or credentials`
      : `must be an address: to name a platform by its code, set QUALYS_PLATFORM=${code} instead`
  if (url && fault === undefined) return url.origin
  context.addIssue(fault ?? anAddress)
  return z.NEVER
})

/** Takes the host out of an address: scheme, path and port do no harm to the name of a platform. */
const hostAlone: Normalization = (text) => {
  const url = addressIn(text)
  if (!url || !text.includes('.') || url.username + url.password !== '') return undefined
  const { hostname } = url
  const isPublic = platforms.includes(findPlatform(hostname) as Platform)
  if (url.port !== '' && !isPublic)
    throw new UnusableValueError(
      'names a port, which the hosts of a platform do not have: set QUALYS_GATEWAY_URL and QUALYS_API_URL instead',
    )
  return hostname === text.toLowerCase()
    ? undefined
    : { text: hostname, note: `of the address, the host alone was taken: ${hostname}` }
}

/** True for the address of one machine: an IP address, or this machine by name. */
function isMachine(text: string): boolean {
  const host = addressIn(text)?.hostname ?? ''
  return host === 'localhost' || host.startsWith('[') || (text.includes('.') && isIPv4(host))
}

/** A platform code, one of its hosts, or the base domain of a private platform. */
export const platform = normalizedBy(
  parser<Platform>(
    (text) => (meantHost(text.toLowerCase()) === undefined ? findPlatform(text) : undefined),
    (text) => {
      const host = meantHost(text.toLowerCase())
      if (host !== undefined) return `names no host of Qualys (did you mean ${host}?)`
      if (isMachine(text))
        return 'must name a platform: for one machine, set QUALYS_GATEWAY_URL and QUALYS_API_URL instead'
      const codes = platforms.map(({ code }) => code).join(', ')
      const near = meantCode(text)
      return `must be one of ${codes}, or the base domain of a private platform${near ? ` (did you mean ${near}?)` : ''}`
    },
  ),
  ...plainText,
  hostAlone,
)
