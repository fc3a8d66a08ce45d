import { isIPv4 } from 'node:net'
import { domainToUnicode } from 'node:url'
import { closestMatch } from 'leven'

/** The hosts of one Qualys platform: origins, without a trailing slash. */
export interface Platform {
  readonly code: string
  /** CAR: JSON and JWT. */
  readonly gatewayUrl: string
  /** SAQ: XML and HTTP Basic. */
  readonly apiUrl: string
}

/**
 * `qualysapi.` hosts as listed on the platform identification page; gateways as in the vendor's own plugins.
 */
const hosts: Readonly<Record<string, readonly [api: string, gateway: string]>> = {
  US1: ['qualysapi.qualys.com', 'gateway.qg1.apps.qualys.com'],
  US2: ['qualysapi.qg2.apps.qualys.com', 'gateway.qg2.apps.qualys.com'],
  US3: ['qualysapi.qg3.apps.qualys.com', 'gateway.qg3.apps.qualys.com'],
  US4: ['qualysapi.qg4.apps.qualys.com', 'gateway.qg4.apps.qualys.com'],
  EU1: ['qualysapi.qualys.eu', 'gateway.qg1.apps.qualys.eu'],
  EU2: ['qualysapi.qg2.apps.qualys.eu', 'gateway.qg2.apps.qualys.eu'],
  EU3: ['qualysapi.qg3.apps.qualys.it', 'gateway.qg3.apps.qualys.it'],
  IN1: ['qualysapi.qg1.apps.qualys.in', 'gateway.qg1.apps.qualys.in'],
  CA1: ['qualysapi.qg1.apps.qualys.ca', 'gateway.qg1.apps.qualys.ca'],
  AE1: ['qualysapi.qg1.apps.qualys.ae', 'gateway.qg1.apps.qualys.ae'],
  UK1: ['qualysapi.qg1.apps.qualys.co.uk', 'gateway.qg1.apps.qualys.co.uk'],
  AU1: ['qualysapi.qg1.apps.qualys.com.au', 'gateway.qg1.apps.qualys.com.au'],
  KSA1: ['qualysapi.qg1.apps.qualysksa.com', 'gateway.qg1.apps.qualysksa.com'],
  GOV1: ['qualysapi.gov1.qualys.us', 'gateway.gov1.qualys.us'],
}

/** The public platforms, in the order of the vendor's page. */
export const platforms: readonly Platform[] = Object.entries(hosts).map(([code, [api, gateway]]) => ({
  code,
  gatewayUrl: `https://${gateway}`,
  apiUrl: `https://${api}`,
}))

const hostname = /^(?=.{4,200}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/
const service = /^(qualysapi|qualysgateway|qualysguard|gateway)\./

/** A host without its first label, if that label names a service. */
const baseOf = (host: string): string => host.replace(service, '')
const hostOf = (url: string): string => new URL(url).host

/** The names under which people know a platform: its two hosts, its web interface, and its domain. */
const namesOf = ({ apiUrl, gatewayUrl }: Platform): string[] => {
  const hosts = [hostOf(gatewayUrl), hostOf(apiUrl)]
  return [...new Set([...hosts, ...hosts.map(baseOf).flatMap((base) => [`qualysguard.${base}`, base])])]
}
const platformNames = platforms.flatMap(namesOf)

/** Qualys' own domains: `qualys.com`, `qualys.co.uk`, `qualysksa.com`, … */
const qualysDomains = [
  ...new Set(platforms.map(({ apiUrl }) => /\bqualys(?:ksa)?\.[a-z.]+$/.exec(hostOf(apiUrl))?.[0] ?? '')),
]
export const isBelowQualys = (host: string): boolean =>
  qualysDomains.some((domain) => `.${host}`.endsWith(`.${domain}`))

/** A platform of Qualys that is newer than the table: `qg9.apps.qualys.com`, with or without a service. */
const looksLikePlatform = (host: string): boolean =>
  isBelowQualys(host) &&
  (service.test(host) || /^(?:qg\d+\.apps|gov\d+)\./.test(host)) &&
  /^(?:(?:qg\d+\.apps|gov\d+)\.)?qualys(?:ksa)?\./.test(baseOf(host))

/**
 * Finds a platform by its code (`EU2`), by a name of a public platform (`qualysguard.qg2.apps.qualys.eu`), or by
 * a host or the base domain of another one. Below a domain of Qualys that one has the hosts `gateway.` and
 * `qualysapi.`, and other names there, such as `www.qualys.com`, are no platform. Elsewhere it is private, with
 * `qualysgateway.` and `qualysapi.`. A host that is given stays.
 */
export function findPlatform(text: string): Platform | undefined {
  const name = text.trim().toLowerCase()
  const known = platforms.find(
    (platform) => platform.code.toLowerCase() === name || namesOf(platform).includes(name),
  )
  if (known) return known
  if (!hostname.test(name) || isIPv4(name)) return undefined
  if (isBelowQualys(name) && !service.test(name) && !looksLikePlatform(name)) return undefined
  const base = baseOf(name)
  const usual = `${isBelowQualys(base) ? 'gateway' : 'qualysgateway'}.${base}`
  const gateway = /^(?:qualysgateway|gateway)\./.test(name) ? name : usual
  return { code: base, gatewayUrl: `https://${gateway}`, apiUrl: `https://qualysapi.${base}` }
}

/** The host at the end of a longer name, such as `www.gateway.qg2.apps.qualys.com`. */
function endOf(name: string): string | undefined {
  const rest = name.slice(name.indexOf('.') + 1)
  if (!isBelowQualys(rest) || qualysDomains.includes(rest)) return undefined
  return platformNames.includes(rest) || looksLikePlatform(rest) ? rest : endOf(rest)
}

/**
 * The host that is meant by a slip, such as `gateway.qg2.apps.qualys.co`; undefined for a host that is no slip.
 * The password would go to whoever owns that domain.
 */
export function meantHost(name: string): string | undefined {
  // Another alphabet has letters that look like these.
  const host = domainToUnicode(name) || name
  if (platformNames.includes(host) || looksLikePlatform(host)) return undefined
  if (isBelowQualys(host)) return closestMatch(host, platformNames, { maxDistance: 2 }) ?? endOf(host)
  const inQualysDomain = qualysDomains.flatMap((domain) => {
    const own = host.split('.').slice(-domain.split('.').length).join('.')
    return closestMatch(own, [domain], { maxDistance: 1 }) ? [host.slice(0, -own.length) + domain] : []
  })
  return (
    inQualysDomain.find((name) => platformNames.includes(name)) ??
    inQualysDomain[0] ??
    closestMatch(host, platformNames, { maxDistance: 2 })
  )
}

const countries: Readonly<Record<string, string>> = {
  INDIA: 'IN',
  CANADA: 'CA',
  UAE: 'AE',
  AUSTRALIA: 'AU',
  USGOV: 'GOV',
}

/** The code that is meant by `US Platform 2`, `eu-1` or `US9`; undefined if none is near. */
export function meantCode(text: string): string | undefined {
  const words = text.toUpperCase().replace(/PLATFORM|POD|[^A-Z\d]/g, '')
  const word = words.replace(/^[A-Z]+/, (country) => countries[country] ?? country)
  return closestMatch(
    word,
    platforms.map(({ code }) => code),
    { maxDistance: 1 },
  )
}

/** The right address, if a host of Qualys serves something else than its setting says. */
export function rightUrl(setting: 'gatewayUrl' | 'apiUrl', url: string): string | undefined {
  const host = new URL(url).hostname
  const right = findPlatform(host)?.[setting]
  const [, given] = service.exec(host) ?? []
  const services = setting === 'apiUrl' ? ['qualysapi'] : ['gateway', 'qualysgateway']
  return isBelowQualys(host) && !services.includes(given ?? '') ? right : undefined
}

/** True if each of the two addresses begins like the other one. */
export const areSwapped = (gatewayUrl: string, apiUrl: string): boolean =>
  new URL(gatewayUrl).hostname.startsWith('qualysapi.') &&
  /^(?:qualys)?gateway\./.test(new URL(apiUrl).hostname)

/** What a person calls the platform of these settings: `sandbox`, its code, or the host of a private one. */
export function platformName({
  sandbox,
  platform,
  gatewayUrl,
  apiUrl,
}: {
  readonly sandbox: boolean
  readonly platform?: Platform
  readonly gatewayUrl?: string
  readonly apiUrl?: string
}): string {
  const address = gatewayUrl ?? apiUrl
  if (sandbox) return 'sandbox'
  return platform?.code ?? (address === undefined ? 'none' : new URL(address).host)
}
