import type { Touched } from '../../../src/operations/operation.ts'
import type { Parts } from '../../../src/tools/effects/preview/preview.ts'
import { audienceParts } from '../../../src/tools/effects/preview/saq-preview.ts'
import type { Seen } from '../../../src/tools/effects/targets/car-targets.ts'
import type { Audience } from '../../../src/tools/effects/targets/saq-targets.ts'

// Templates, campaigns and people as a look-up brings them, and what a preview makes of them.

const empty: Audience = {
  templates: [],
  libraryTemplates: [],
  campaigns: [],
  users: [],
  reviewer: undefined,
  approver: undefined,
  added: [],
  already: 0,
  drafts: undefined,
  invited: undefined,
  removed: [],
  lost: undefined,
  args: {},
}

export const seen = (id: string, row: object): Seen => ({ id, row: { ...row } })
const person = (id: string, company = 'Acme', more: object = {}): Seen =>
  seen(id, { firstName: 'Ann', lastName: `L${id}`, company, emailAddress: `${id}@acme.example`, ...more })
export const people = (count: number, companyOf: (at: number) => string = () => 'Acme'): Seen[] =>
  Array.from({ length: count }, (_, at) => person(String(at + 1), companyOf(at)))
export const lineOf = (label: string, id: string, company = 'Acme'): string =>
  `${label}: "${id}", "Ann L${id}", "${company}", "${id}@acme.example"`

export function partsOf(audience: Partial<Audience>, touched: Touched = {}, args: object = {}): Parts {
  return audienceParts(touched, { ...empty, ...audience }, { ...args })
}

export const inactive = seen('9', {
  name: 'Round 1',
  status: 'INACTIVE',
  workflowType: 'SIMPLE',
  dueDate: '2096-12-31',
})
export const active = seen('9', {
  name: 'Round 1',
  status: 'ACTIVE',
  workflowType: 'SIMPLE',
  dueDate: '2096-12-31',
})
