import { type Assumption, assume } from './assumption.ts'

/** The assumptions in faults: most of these states of Qualys have never been observed. */
export const faultAssumptions: readonly Assumption[] = [
  assume('body of 429', '/sm', 'Not documented; a fault.'),
  assume('header DOCTYPE of SIMPLE_RETURN', '/qps', 'Of the VM API; no SAQ page shows a limit. A fault.'),
  assume('header X-ConcurrencyLimit-Running', 'everywhere', 'Only the spelling of -Limit was seen. A fault.'),
  assume('body of 503 under maintenance', 'everywhere', 'Not documented: a page, and no hint. A fault.'),
  assume('body of 200 with an errorCode', '/sm', 'No page shows a failed envelope. A fault.'),
  assume(
    'behaviour: compressed answers',
    'everywhere',
    'Servers say Vary: Accept-Encoding; that they compress is likely. A fault.',
  ),
  assume('behaviour: tokens by a clock that is off', '/auth', 'No page speaks of clocks. A fault.'),
  assume(
    'behaviour: rows with other fields, other types, nulls',
    'everywhere',
    'What a later version may send; none is announced. Faults.',
  ),
]
