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

/** A host without its first label, if that label names a service. */
const baseOf = (host: string): string => host.replace(/^(qualysapi|qualysgateway|qualysguard|gateway)\./, '')

/**
 * Finds a platform by its code (`EU2`), by any host of a public platform (`qualysguard.qg2.apps.qualys.eu`),
 * or by the base domain of a private platform (`qualys.example.com`: hosts `qualysgateway.` and `qualysapi.`
 * below it).
 */
export function findPlatform(text: string): Platform | undefined {
  const name = text.trim().toLowerCase()
  const byCode = platforms.find(({ code }) => code.toLowerCase() === name)
  if (byCode) return byCode
  if (!hostname.test(name)) return undefined
  const base = baseOf(name)
  const byHost = platforms.find(({ apiUrl, gatewayUrl }) =>
    [apiUrl, gatewayUrl].some((url) => baseOf(new URL(url).host) === base),
  )
  return (
    byHost ?? { code: base, gatewayUrl: `https://qualysgateway.${base}`, apiUrl: `https://qualysapi.${base}` }
  )
}
