import type { Knobs } from '../state/knobs.ts'

/** A list as the knob spells it if there are no rows at all. */
export function spelled({ emptyLists }: Pick<Knobs, 'emptyLists'>, total: number, list: readonly unknown[]) {
  const spellings = { list, null: null, absent: undefined, text: '', object: {} } as const
  return total === 0 ? spellings[emptyLists] : list
}
