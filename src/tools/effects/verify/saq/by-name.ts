import type { NewState } from '../../../../operations/effects/new-state.ts'
import type { Operation } from '../../../../operations/operation.ts'
import { inSentence } from '../../../../operations/sentences.ts'
import type { Clock } from '../../../../shared/clock.ts'
import { formatNumber } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import { readPage, type Target, toTarget } from '../../targets/lookup.ts'
import { look } from '../look.ts'

const maxRows = 20

/**
 * The state of a new object whose id Qualys' answer does not tell: looked for by its name. An object of that name may be
 * older, so it is never called the new one.
 */
export async function stateByName(
  context: ToolContext,
  clock: Clock,
  list: Operation,
  name: unknown,
  describe: (target: Target) => string,
): Promise<NewState> {
  const advice = `look with ${list.name}`
  if (typeof name !== 'string') return { text: `its state is not known without its id: ${advice}` }
  const { found: page, failure } = await look(context, clock, (limited) =>
    readPage(limited, list, { name, pageSize: maxRows }),
  )
  if (failure !== undefined) return { text: `its state ${failure}: ${advice}` }
  const named = (page?.rows ?? [])
    .filter((row) => row['name'] === name)
    .map((row) => toTarget(context, String(row['id']), row))
  const [only] = named
  if (!only) return { text: `${list.name} does not show that name yet: look again` }
  const fields = { sameName: named.map(({ id }) => id) }
  const count = `${page?.hasMore ? 'more than ' : ''}${formatNumber(named.length)}`
  return named.length === 1 && !page?.hasMore
    ? { text: `${inSentence(only.id, 40)} alone has that name: ${describe(only)}`, fields }
    : {
        text: `${count} have that name: the new one is the one that ${list.name} did not show before`,
        fields,
      }
}
