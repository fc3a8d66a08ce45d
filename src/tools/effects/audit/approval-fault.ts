import { isObject } from '../../../shared/json.ts'
import { hashOfJson } from '../approval/approval-record.ts'

/** The hash of a value; undefined for one that is nested too deep to be of this log. */
function tryHash(value: unknown): string | undefined {
  try {
    return hashOfJson(value)
  } catch {
    return undefined
  }
}

/** True if the whole preview is in the line, as it was approved. */
const isWhole = (facts: Readonly<Record<string, unknown>>): boolean =>
  facts['linesLeftOut'] === undefined && facts['masked'] === undefined

/**
 * What is wrong with an approval, as one clause: preview, record and digest have to follow from each other. Lines of
 * earlier versions hold no record, and prove nothing.
 */
export function approvalFault(facts: unknown): string | undefined {
  if (!isObject(facts) || !isObject(facts['record'])) return undefined
  const { record, digest, shown, tool, effect } = facts
  if (record['tool'] !== tool || record['effect'] !== effect) return 'its record is about another call'
  if (isWhole(facts) && tryHash(shown) !== record['preview'])
    return 'its preview is not the one that was approved'
  return tryHash(record) === digest ? undefined : 'its digest is not that of its record'
}
