import type { AssumptionTable } from './assumption.ts'

/** The assumptions in faults: most of these states of Qualys have never been observed. */
export const faultAssumptions: AssumptionTable = {
  '/sm': {
    'body of 429': 'Not documented; a fault.',
    'body of 200 with an errorCode': 'No page shows a failed envelope. A fault.',
  },
  '/qps': { 'header DOCTYPE of SIMPLE_RETURN': 'Of the VM API; no SAQ page shows a limit. A fault.' },
  everywhere: {
    'header X-ConcurrencyLimit-Running': 'Only the spelling of -Limit was seen. A fault.',
    'body of 503 under maintenance': 'Not documented: a page, and no hint. A fault.',
    'behaviour: compressed answers':
      'Servers say Vary: Accept-Encoding; that they compress is likely. A fault.',
    'behaviour: rows with other fields, other types, nulls':
      'What a later version may send; none is announced. Faults.',
  },
  '/auth': { 'behaviour: tokens by a clock that is off': 'No page speaks of clocks. A fault.' },
}
