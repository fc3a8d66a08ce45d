import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { unseen } from '../unseen.ts'
import { words } from './fields.ts'

// E-mail addresses as address books, mails and lists of vendors hold them. No page of Qualys says which addresses it
// takes, so these are the ones that any mail server takes: a dot-atom (RFC 5322, 3.2.3) at a host name of ASCII
// labels (RFC 1123, 2.1).

const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const hostName = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/i

const isAddress = (text: string): boolean => {
  const [local = '', domain = '', ...more] = text.split('@')
  return more.length === 0 && local.length <= 64 && dotAtom.test(local) && hostName.test(domain)
}

/** RFC 5321, 4.5.3.1.3, without the angle brackets of the path. */
const maxLength = 254
/** As every text that is searched for. */
const maxSearched = 256
/** Longer texts are refused, whatever stands around the address. */
const maxRead = 1_000

/** Blanks, and characters that nobody sees: zero-width ones, marks of direction, the soft hyphen. */
const edges = new RegExp(`^[\\s${unseen}]+|[\\s${unseen}]+$`, 'gu')

/** `mailto:jane@x.example?subject=Hello` (RFC 6068), and an address in angle brackets. */
const wrapped = /^(?:mailto:([^?]*)(?:\?.*)?|<([^<>]*)>)$/is

function decoded(link: string): string {
  try {
    return decodeURIComponent(link)
  } catch {
    return link
  }
}

/** An address without what stands around it and can mean nothing else. */
function unwrapped(text: string): string {
  if (text.length > maxRead) return text
  const bare = text.replace(edges, '')
  const [, link, inner] = wrapped.exec(bare) ?? []
  if (link !== undefined) return unwrapped(decoded(link))
  return inner === undefined ? bare : unwrapped(inner)
}

/** A text of the caller in quotes that it cannot close, clipped. An address to pass is never clipped. */
const quoted = (text: string): string => {
  const characters = [...text.replaceAll('"', "'")]
  return `"${characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('')}"`
}

/** The different addresses in a text, whatever separates them. */
function addressesIn(text: string): readonly string[] {
  const found = text.match(/[^\s<>()[\]",;:@]+@[^\s<>()[\]",;:@]+/g) ?? []
  const plain = found.map((address) => address.replace(/^'+|['.]+$/g, ''))
  return [...new Map(plain.map((address) => [address.toLowerCase(), address])).values()]
}

/** What may stand beside an address. Blanks may also stand in one by mistake. */
const separator = /[<>()[\]",;:']|\.$/

/** Why a text is not one address alone, and what to pass; undefined if nothing stands beside it. */
function alonenessProblem(text: string): string | undefined {
  const [first, ...others] = addressesIn(text)
  if (first === undefined || first === text) return undefined
  if (others.length > 0)
    return `holds ${others.length + 1} addresses; pass one address alone such as "${first}"`
  if (separator.test(text)) {
    const problem = addressProblem(first)
    return `is not one address alone; ${problem === undefined ? `pass "${first}"` : `"${first}" ${problem}`}`
  }
  return /\s/.test(text)
    ? `is not one address alone; pass "${first}" if that is all of the address`
    : undefined
}

const beyondAscii = /[^\p{ASCII}]/u
const unseenCharacters = new RegExp(`[${unseen}]`, 'gu')

/** The ASCII form of an address whose domain is written in other letters; undefined if it has none. */
function asciiForm(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  const form = `${text.slice(0, at)}@${domainToASCII(text.slice(at + 1))}`
  return isAddress(form) ? form : undefined
}

/** The parts of a text with one @. */
interface Parts {
  readonly local: string
  readonly domain: string
}

/** What may be wrong with one address, and what to do, in the order in which it is looked for. */
const problems: readonly (readonly [is: (parts: Parts) => boolean, problem: string])[] = [
  [({ local }) => local.includes('"'), 'has quotes before the @; ask for an address without them'],
  [({ local, domain }) => /\s/.test(local + domain), 'holds a blank; ask for the right address'],
  [({ local }) => local === '', 'has nothing before the @; pass the whole address'],
  [
    ({ local }) => beyondAscii.test(local),
    'has letters beyond ASCII before the @, which many mail servers do not take; ask for an address in ASCII letters',
  ],
  [
    ({ local, domain }) => /^\.|\.$|\.\./.test(local) || /^\.|\.\./.test(domain),
    'has a dot too many; ask for the right address',
  ],
  [
    ({ domain }) => beyondAscii.test(domain),
    'has a domain that no name server can hold; ask for the right address',
  ],
  [({ domain }) => /^\[|\d$/.test(domain), 'names its host by number; ask for an address with a domain'],
  [
    ({ domain }) => !domain.includes('.'),
    'has no whole domain such as vendor.example; ask for an address that mail from outside reaches',
  ],
]

/** What is wrong with an address, and what to do; undefined if nothing is. */
function addressProblem(text: string): string | undefined {
  if (isAddress(text)) return undefined
  const folded = text.normalize('NFKC').replace(unseenCharacters, '')
  if (folded !== text && isAddress(folded))
    return `holds characters that nobody sees or that only look like ASCII; let a person look at it, then pass "${folded}"`
  const notAlone = alonenessProblem(text)
  if (notAlone !== undefined) return notAlone
  const [local = '', domain, ...more] = text.split('@')
  if (domain === undefined) return 'has no @; pass a whole address such as "jane@vendor.example"'
  if (more.length > 0) return 'has more than one @; ask for the right address'
  const ascii = beyondAscii.test(domain) ? asciiForm(text) : undefined
  if (ascii !== undefined)
    return `has a domain in letters beyond ASCII, as look-alikes have; let a person look at it, then pass "${ascii}"`
  const [, problem] = problems.find(([is]) => is({ local, domain })) ?? []
  return problem ?? 'is no address that mail servers take; ask for the right one'
}

/** What is pasted by mistake may be a credential: a text without @ is not repeated. */
const mention = (text: string): string => (text.includes('@') ? quoted(text) : 'it')

const address = (max: number, problemOf: (text: string) => string | undefined) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? unwrapped(value) : value),
    words(max).superRefine((text, context) => {
      // These have their own message.
      if (text.length > max || text.trim() === '') return
      const problem = problemOf(text)
      if (problem !== undefined) context.addIssue(`must be an e-mail address: ${mention(text)} ${problem}`)
    }),
  )

/** An e-mail address; Qualys sends invitations to it. */
export const emailAddress = address(maxLength, addressProblem)

/** An address to search for: users that were not made here may have one that mail servers do not take. */
export const searchedAddress = address(maxSearched, alonenessProblem)
