import { z } from 'zod'
import { counted } from '../../shared/format.ts'
import type { Bound } from './plan.ts'

// Numbers of hosts and shares of hosts, as an assistant passes them.

/** A share has at most so many digits behind the point, so that it can be taken exactly. */
const decimals = 3
const partsOfPercent = 10 ** decimals
const maxHosts = 1_000_000

const numberPattern = /^\d{1,9}$/
const sharePattern = new RegExp(`^(\\d{1,9}(?:\\.\\d{1,${decimals}})?) ?%$`)

const plain = (text: string): string => text.trim().replace(/\s+/g, ' ')

/** A number of hosts from 1 to a million, or a share above 0 and up to 100%; undefined for anything else. */
export function parseBound(text: string): Bound | undefined {
  const written = plain(text)
  const [, share] = sharePattern.exec(written) ?? []
  if (share !== undefined) {
    const percent = Number(share)
    return percent > 0 && percent <= 100 ? { percent } : undefined
  }
  const hosts = numberPattern.test(written) ? Number(written) : 0
  return hosts >= 1 && hosts <= maxHosts ? { hosts } : undefined
}

/**
 * How many of `total` hosts a bound comes to: a share is rounded up, and at least 1. It is taken in whole thousandths
 * of a percent: with fractions, 7% of 100 would come to 8.
 */
export function hostsOf(bound: Bound, total: number): number {
  if ('hosts' in bound) return bound.hosts
  const parts = Math.round(bound.percent * partsOfPercent) * total
  const whole = 100 * partsOfPercent
  const rest = parts % whole
  return Math.max(1, (parts - rest) / whole + (rest > 0 ? 1 : 0))
}

/** The bound in words: `3 hosts`, `2.5%`. */
export const boundText = (bound: Bound): string =>
  'hosts' in bound ? counted(bound.hosts, 'host') : `${bound.percent}%`

const example = 'a number of hosts such as 3, or a share such as 5%'

/** What is wrong with a text that is no bound. */
function boundComplaint(text: string): string {
  const written = plain(text)
  const [, share] = sharePattern.exec(written) ?? []
  if (Number(share) > 100) return `is more than all hosts: pass ${example}`
  const isZero =
    share === undefined ? numberPattern.test(written) && Number(written) === 0 : Number(share) === 0
  if (isZero) return 'must be at least 1 host: pass 1, or a share above 0%'
  return `must be ${example}`
}

/** A number of hosts or a share of them. `what`: its description, where the name does not say it. */
export function bound(what?: string) {
  const schema = z.string({ error: `must be ${example}` }).transform((text, context): Bound => {
    const value = parseBound(text)
    if (value) return value
    context.addIssue(boundComplaint(text))
    return z.NEVER
  })
  return what === undefined ? schema : schema.describe(what)
}

const shareExample = 'a share such as 10%'

/** A share of the hosts that are left, in percent. */
export const share = z.string({ error: `must be ${shareExample}` }).transform((text, context): number => {
  const value = parseBound(text)
  if (value && 'percent' in value) return value.percent
  context.addIssue(
    value === undefined && text.includes('%')
      ? 'must be a share above 0% and up to 100%, such as 10%'
      : `must be ${shareExample}`,
  )
  return z.NEVER
})
