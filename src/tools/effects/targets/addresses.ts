import type { Input } from '../../../operations/operation.ts'
import { searchUsers } from '../../../operations/saq/users.ts'
import { textOrEmpty } from '../../../shared/json.ts'
import { type LookupContext, readList, type Target, toTarget, tryLookUp } from './lookup.ts'

/** A search that needs more requests is given up. */
const maxRequests = 20
const maxSingleSearches = 10
const maxDomains = 10

/** An address as it is compared: no page says in which letters Qualys keeps one. */
export const addressKey = (address: unknown): string => textOrEmpty(address).trim().toLowerCase()

/** Searches that together show every user with one of the addresses: the fewest that the filters allow. */
function searchesFor(addresses: readonly string[]): readonly Input[] {
  if (addresses.length <= maxSingleSearches) return addresses.map((emailAddress) => ({ emailAddress }))
  const domains = new Set(addresses.map((address) => address.slice(address.lastIndexOf('@')).toLowerCase()))
  return domains.size <= maxDomains ? [...domains].map((domain) => ({ emailAddressContains: domain })) : [{}]
}

/** The value that all of a list have; undefined if they differ. */
const common = (values: readonly string[]): string | undefined =>
  new Set(values).size === 1 ? values[0] : undefined

/**
 * A single search that shows every user with one of the addresses: by the address, by their domain, or by the company
 * that all users of the call have. Undefined if the filters allow none.
 */
export function oneSearchFor(addresses: readonly string[], companies: readonly string[]): Input | undefined {
  const [first] = addresses
  if (addresses.length === 1 && first !== undefined) return { emailAddress: first }
  const domain = common(addresses.map((address) => address.slice(address.lastIndexOf('@')).toLowerCase()))
  if (domain !== undefined) return { emailAddressContains: domain }
  const company = common(companies)
  return company === undefined ? undefined : { company }
}

/** The users with one of these addresses; undefined if that takes too many requests, or cannot be read. */
export function findByAddress(
  context: LookupContext,
  addresses: readonly string[],
): Promise<readonly Target[] | undefined> {
  const wanted = new Set(addresses.map(addressKey))
  return tryLookUp(context, async () => {
    const found = new Map<string, Target>()
    let requests = 0
    for (const where of searchesFor(addresses)) {
      for await (const { rows, last, resultLimit } of readList(context, searchUsers, where)) {
        // Rows without addresses prove nothing.
        if (rows.length > 0 && rows.every((row) => addressKey(row['emailAddress']) === '')) return undefined
        for (const row of rows)
          if (wanted.has(addressKey(row['emailAddress'])))
            found.set(String(row['id']), toTarget(context, String(row['id']), row))
        if (resultLimit !== undefined || (++requests >= maxRequests && !last)) return undefined
      }
    }
    return [...found.values()]
  })
}
