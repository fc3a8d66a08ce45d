/** What the assistant reads of a limit, whatever exceeds it; `about` are objects by name. */
export const forbidden = (why: string, setting: string, about = ''): string =>
  `The operator’s limits forbid it: ${why}.${about === '' ? '' : ` Concerned: ${about}.`} Tell the person: only the operator can change ${setting}. Splitting, copying or swapping things to stay under a limit is not what the operator wants.`
