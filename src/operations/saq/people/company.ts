import type { Absence, Bearers } from './people.ts'
import type { Person } from './person.ts'

/** The company of those who bear a name, or why it is unknown. */
export type CompanyFinding =
  | { readonly company: string }
  | { readonly problem: Absence | 'several' | 'no company' }

/** The one company of some people; a problem if there are several or no record shows it. */
export function companyOfAll(people: readonly Person[]): CompanyFinding {
  const companies = new Set(people.map(({ company }) => company))
  const [company = ''] = companies
  if (companies.size > 1) return { problem: 'several' }
  return company === '' ? { problem: 'no company' } : { company }
}

export const companyOf = ({ people, absence }: Bearers): CompanyFinding =>
  absence === undefined ? companyOfAll(people) : { problem: absence }
