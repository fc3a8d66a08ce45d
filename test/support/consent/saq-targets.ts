import type { SaqEffectTargets } from '../../../src/operations/effects/effect-targets.ts'
import type { PreviewParts } from '../../../src/tools/effects/preview/preview.ts'
import { saqPreview } from '../../../src/tools/effects/preview/saq-preview.ts'
import type { Target } from '../../../src/tools/effects/targets/lookup.ts'
import type { SaqTargets } from '../../../src/tools/effects/targets/saq-targets.ts'

// Templates, campaigns and people as a look-up returns them, and the preview made from them.

const empty: Omit<SaqTargets, 'named'> = {
  product: 'saq',
  templates: [],
  libraryTemplates: [],
  campaigns: [],
  users: [],
  existingUsers: undefined,
  reviewer: undefined,
  approver: undefined,
  newRecipients: [],
  existingRecipientCount: 0,
  uncompared: undefined,
  draftIds: undefined,
  currentRecipients: undefined,
  removedRecipients: [],
  deletedQuestionnaires: undefined,
  resolvedArgs: {},
}

export const lookedUp = (id: string, row: object): Target => ({ id, row: { ...row } })
const person = (id: string, company = 'Acme', more: object = {}): Target =>
  lookedUp(id, { firstName: 'Ann', lastName: `L${id}`, company, emailAddress: `${id}@acme.example`, ...more })
export const peopleOf = (count: number, companyOf: (at: number) => string = () => 'Acme'): Target[] =>
  Array.from({ length: count }, (_, at) => person(String(at + 1), companyOf(at)))

/** The targets of an effect on SAQ, as an operation names them. */
export type SaqTargetIds = Omit<SaqEffectTargets, 'product'>

export function saqPartsOf(
  targets: Partial<SaqTargets>,
  named: SaqTargetIds = {},
  args: object = {},
): PreviewParts {
  return saqPreview({ ...empty, named: { product: 'saq', ...named }, ...targets }, { ...args })
}

export const inactive = lookedUp('9', {
  name: 'Round 1',
  status: 'INACTIVE',
  workflowType: 'SIMPLE',
  dueDate: '2096-12-31',
})
export const active = lookedUp('9', {
  name: 'Round 1',
  status: 'ACTIVE',
  workflowType: 'SIMPLE',
  dueDate: '2096-12-31',
})
