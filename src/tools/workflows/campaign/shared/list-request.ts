import { searchQuestionnaires } from '../../../../operations/saq/questionnaires.ts'
import { InputError } from '../../../../shared/errors.ts'
import type { ToolContext } from '../../../tool.ts'
import { type Place, placeIn, tokenBehind } from './places.ts'

/** Which part of a list is asked for. */
export interface ListRequest {
  /** Maximum number of items. */
  readonly wanted: number
  /** The place behind which they begin; undefined for the start. */
  readonly after: Place | undefined
  /** True if the call has a token: only the list is shown. */
  readonly isAlone: boolean
  readonly tokenBehind: (place: Place | undefined) => string
}

const defaultCount = 20

/** Reads `late` and `continuationToken`. Throws an InputError for a token that does not fit the call. */
export async function listRequest(
  tool: string,
  { late, continuationToken, ...query }: Readonly<Record<string, unknown>>,
  { session }: ToolContext,
): Promise<ListRequest> {
  const wanted = Number(late ?? defaultCount)
  const binding = { tool, account: await session.identity(searchQuestionnaires), query }
  const isAlone = continuationToken !== undefined
  const after = isAlone ? placeIn(String(continuationToken), binding) : undefined
  if (isAlone && wanted === 0)
    throw new InputError('late 0 lists nobody, so no page follows.', 'Leave late out, or pass 1 to 200.')
  return { wanted, after, isAlone, tokenBehind: (place) => tokenBehind(place, binding) }
}
