import { type Account, firstManager, scopedUser, secondManager } from '../accounts.ts'
import type { Random } from '../random.ts'
import {
  abcCompany,
  abcEmployeeCount,
  companies,
  firstNames,
  firstTagId,
  jobTitles,
  lastNames,
  newVendorCount,
  ownCompany,
  tagNames,
} from './names.ts'
import type { User, UserTag } from './rows.ts'

/** Ranges of ids: first id and length. They include the ids in the vendor's samples. */
const blocks = [
  [338_000, 2_600],
  [71_060_000, 1_100],
  [89_360_000, 1_000],
  [713_089_000, 200],
  [767_230_000, 97],
] as const

type UserPreset = Partial<Omit<User, 'id' | 'uuid'>>

const makeColleague = (firstName: string, lastName: string, userName: string, title: string): UserPreset => ({
  firstName,
  lastName,
  company: ownCompany,
  emailAddress: `${firstName}.${lastName}@acme.example`.toLowerCase(),
  userName,
  title,
})

/**
 * Users that occur in samples: the reviewer, the approver and the recipient of the campaign pages, and
 * others.
 */
const sampleUsers: Readonly<Record<number, UserPreset>> = {
  339590: { firstName: 'responder', lastName: 'r', company: 'Contoso Cloud' },
  400591: { firstName: 'Anna', lastName: 'Berg', company: 'Harbour Cloud', title: 'dev' },
  401990: { firstName: 'Vendor', lastName: 'Contact', company: 'Kestrel Payroll' },
  71077391: makeColleague('Ravi', 'Iyer', 'acme_ri3', 'Risk Analyst'),
  89375990: makeColleague('Anne', 'Lefort', 'acme_al4', 'Head of Compliance'),
  713091591: { firstName: 'Jane', lastName: 'Roe', company: 'Bluestone Logistics' },
  767231592: { firstName: 'John', lastName: 'Doe', company: 'Bluestone Logistics' },
}
export const reviewerId = 71077391
export const approverId = 89375990
export const sampleRecipientId = 339590

const managers: readonly (readonly [Account, UserPreset])[] = [
  [firstManager, makeColleague('Alex', 'Berger', firstManager.username, 'IT Security Manager')],
  [secondManager, makeColleague('Carmen', 'Diaz', secondManager.username, 'Vendor Manager')],
  [scopedUser, makeColleague('Eva', 'Marino', scopedUser.username, 'Vendor Manager EMEA')],
]

export const userTags: readonly UserTag[] = tagNames.map((name, index) => ({ id: firstTagId + index, name }))

/** 5,000 users, sorted by id. Names repeat, as in reality; addresses do not. */
export function makeUsers(random: Random): User[] {
  const addressCounts = new Map<string, number>()
  const ids = makeIds(random)
  const users = ids.map((id, index) => {
    const fromEnd = ids.length - 1 - index
    const group: UserPreset =
      fromEnd >= 100 && fromEnd < 100 + newVendorCount
        ? { firstName: 'NewVendor', company: random.pick(companies) }
        : index >= 900 && index < 900 + abcEmployeeCount
          ? { company: abcCompany }
          : {}
    return makeUser(random, id, { ...group, ...sampleUsers[id] }, addressCounts)
  })
  for (const [{ userId }, person] of managers) users.push(makeUser(random, userId, person, addressCounts))
  return users.sort((a, b) => a.id - b.id)
}

function makeIds(random: Random): number[] {
  const fixed = Object.keys(sampleUsers).map(Number)
  return blocks.flatMap(([start, count]) => {
    let id: number = start
    return Array.from({ length: count }, () => {
      const next = id + random.between(3, 60)
      const fixedId = fixed.find((candidate) => candidate > id && candidate <= next)
      id = fixedId ?? next
      return id
    })
  })
}

function makeUser(random: Random, id: number, preset: UserPreset, addressCounts: Map<string, number>): User {
  const firstName = random.pick(firstNames)
  const lastName = random.pick(lastNames)
  const company = random.pick(companies)
  const uuid = random.uuid()
  const title = random.chance(0.7) ? random.pick(jobTitles) : undefined
  const hasUserName = random.chance(0.6)
  const tags = userTags.filter(() => random.chance(0.13))
  const person = { firstName, lastName, company, ...(title && { title }), ...preset }
  const emailAddress = preset.emailAddress ?? makeAddress(person, addressCounts)
  const initials = `${person.firstName.charAt(0)}${person.lastName.charAt(0)}`.toLowerCase()
  return {
    id,
    uuid,
    ...person,
    emailAddress,
    ...(hasUserName && { userName: `acme_${toSlug(initials)}${id}` }),
    ...(preset.userName !== undefined && { userName: preset.userName }),
    tags: preset.userName === undefined ? tags : [],
  }
}

/** first.last@company, with a number after the name if the address is taken. */
function makeAddress(
  { firstName, lastName, company }: UserPreset,
  addressCounts: Map<string, number>,
): string {
  const name = `${toSlug(firstName)}.${toSlug(lastName)}`
  const host = `${toSlug(company) || 'tokyo-data'}.example`
  const namesakes = addressCounts.get(`${name}@${host}`) ?? 0
  addressCounts.set(`${name}@${host}`, namesakes + 1)
  return `${name}${namesakes === 0 ? '' : namesakes + 1}@${host}`
}

const slugs = new Map<string, string>()

/** A name in lower-case letters and digits without diacritics, with hyphens for other characters. Cached. */
function toSlug(name = ''): string {
  const cached = slugs.get(name)
  if (cached !== undefined) return cached
  const letters = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{Mark}|['’]/gu, '')
  const slug = letters.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  slugs.set(name, slug)
  return slug
}
