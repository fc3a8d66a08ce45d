import { scriptOf } from '../../../../operations/car/joins/result-keys.ts'
import { searchJobs } from '../../../../operations/car/runs.ts'
import type { Row } from '../../../../session/answer.ts'
import { isId, isObject } from '../../../../shared/json.ts'
import type { ToolContext } from '../../../tool.ts'

/** What the list of runs shows of one. */
export interface RunFacts {
  /** Absent if its row does not show it. */
  readonly scriptId?: string
  /** Often ends in the second of the start. */
  readonly title?: string
  readonly correlationUuid?: string
  /** Epoch, in ms. */
  readonly createdAt?: number
}

/** Qualys names a run `TITLE-SECONDS` (getting_started.htm). */
export const withoutSeconds = (title: string): string => title.replace(/-\d{9,11}$/, '')

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function factsOf({ scriptId, title, correlationUuid, created }: Row): RunFacts {
  const createdAt = isObject(created) ? Date.parse(String(created['dateTime'])) : Number.NaN
  const [name, uuid] = [textIn(title), textIn(correlationUuid)]
  return {
    ...(isId(scriptId) && { scriptId: String(scriptId) }),
    ...(name !== undefined && { title: name }),
    ...(uuid !== undefined && { correlationUuid: uuid }),
    ...(!Number.isNaN(createdAt) && { createdAt }),
  }
}

/** Runs by job id; one that the list of runs does not show is left out. */
export async function findRunFacts(
  jobIds: readonly string[],
  { session, signal }: Pick<ToolContext, 'session' | 'signal'>,
): Promise<ReadonlyMap<string, RunFacts>> {
  const rows = await session.find(searchJobs, jobIds, { signal })
  return new Map([...rows].map(([id, row]) => [id, factsOf(row)]))
}

/** The script that a result names; undefined if it names none. */
export function scriptNamedBy(row: Row): { readonly id: string; readonly title?: string } | undefined {
  const [id] = scriptOf(row)
  const { script } = row
  const title = isObject(script) ? (textIn(script['name']) ?? textIn(script['title'])) : undefined
  return id === undefined ? undefined : { id, ...(title !== undefined && { title }) }
}
