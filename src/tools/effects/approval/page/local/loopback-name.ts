import { lookup } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupError } from '../../../../../shared/errors.ts'

/** The addresses of a name. Rejects with Node's error. */
export type LookUp = (name: string) => Promise<readonly { readonly address: string }[]>

const lookUpName: LookUp = (name) => lookup(name, { all: true })

/** Without an entry, the name may be asked for on the network. */
const maxMs = 2_000

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** Throws a SetupError unless `localhost` means this machine: browsers allow passkeys on that name alone. */
export async function requireLoopbackName(lookUp: LookUp = lookUpName): Promise<void> {
  const found = await Promise.race([lookUp('localhost').catch(() => []), sleep(maxMs, [], { ref: false })])
  if (found.length > 0 && found.every(({ address }) => isLoopback(address))) return
  throw new SetupError(
    'There is no approval page: the name localhost does not lead to this machine.',
    'Ask the operator to add the line "127.0.0.1 localhost" to the hosts file of this machine.',
  )
}
