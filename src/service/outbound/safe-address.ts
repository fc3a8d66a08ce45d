import { isLoopback } from '../network/loopback.ts'

/** True for an address to which a token may go, or from which keys may come: https, or http on this machine. */
export function isSafeAddress(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')))
}
