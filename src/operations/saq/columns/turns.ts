/**
 * Whose turn it is in a state: inferred from the workflows (reference_campaign.htm), which do not mention
 * INCOMPLETE.
 */
const turns: Readonly<Record<string, 'recipient' | 'reviewer' | 'approver'>> = {
  INFORMATION_GATHERING: 'recipient',
  REVIEW: 'reviewer',
  APPROVAL: 'approver',
}
const ended = ['CLOSED', 'CANCELED']

/**
 * The role that must act on a questionnaire in this state; undefined if nobody must or if it is not
 * documented.
 */
export const turnOf = (state: string): string | undefined =>
  Object.hasOwn(turns, state) ? turns[state] : undefined

/** True if it is known whose turn it is, or that it is nobody's. */
export const isKnown = (state: string): boolean => turnOf(state) !== undefined || ended.includes(state)
