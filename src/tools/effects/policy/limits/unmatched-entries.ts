import type { Settings } from '../../../../config/settings.ts'
import { searchAssets, searchAssetTags } from '../../../../operations/car/assets.ts'
import { getScript, searchScripts } from '../../../../operations/car/scripts.ts'
import type { Operation } from '../../../../operations/operation.ts'
import { texts } from '../../../../shared/format.ts'
import { factsOf } from '../../../../shared/log.ts'
import { comparableName, quotation } from '../../../../shared/safe-text.ts'
import type { Safeguards, ToolContext } from '../../../tool.ts'
import { type LookupContext, readList, readRecord, tryLookUp } from '../../targets/lookup.ts'
import { keysOf } from '../script-parameters.ts'
import { comparableId, isIdEntry, type Named } from './names.ts'

/** A list that needs more batches is given up. */
const maxBatches = 10

/** Entries of one setting, and the list that shows what they name. */
interface Entries {
  readonly setting: string
  readonly noun: string
  readonly list: Operation
  readonly entries: readonly string[]
}

function entriesOf(settings: Settings): Entries[] {
  const { allowedTags, blockedTags, allowedAssets, blockedAssets } = settings
  const { allowedScripts, blockedScripts, allowedParameters } = settings
  const tags = { noun: 'tag', list: searchAssetTags }
  const hosts = { noun: 'host', list: searchAssets }
  const scripts = { noun: 'script', list: searchScripts }
  return [
    { setting: 'QUALYS_ALLOWED_SCRIPTS', ...scripts, entries: [...(allowedScripts?.keys() ?? [])] },
    { setting: 'QUALYS_BLOCKED_SCRIPTS', ...scripts, entries: [...(blockedScripts ?? [])] },
    { setting: 'QUALYS_ALLOWED_PARAMETERS', ...scripts, entries: [...(allowedParameters?.keys() ?? [])] },
    { setting: 'QUALYS_ALLOWED_ASSETS', ...hosts, entries: allowedAssets ?? [] },
    { setting: 'QUALYS_BLOCKED_ASSETS', ...hosts, entries: blockedAssets ?? [] },
    { setting: 'QUALYS_ALLOWED_TAGS', ...tags, entries: allowedTags ?? [] },
    { setting: 'QUALYS_BLOCKED_TAGS', ...tags, entries: blockedTags ?? [] },
  ].filter(({ entries }) => entries.length > 0)
}

const bears = (entry: string, { id, name }: Named): boolean =>
  (isIdEntry(entry) && comparableId(entry) === comparableId(id)) ||
  comparableName(entry) === comparableName(name)

/** The entries that no row of the list bears; undefined if the list cannot be read to its end. */
async function unmatchedIn(
  list: Operation,
  entries: readonly string[],
  context: LookupContext,
): Promise<ReadonlySet<string> | undefined> {
  const open = new Set(entries)
  return tryLookUp(context, async () => {
    let batches = 0
    for await (const { rows, last, resultLimit } of readList(context, list)) {
      const shown = rows.map((row) => ({ id: String(row['id']), name: String(row['name'] ?? '') }))
      for (const entry of open) if (shown.some((one) => bears(entry, one))) open.delete(entry)
      if (open.size === 0) break
      if (resultLimit !== undefined || (++batches >= maxBatches && !last)) return undefined
    }
    return open
  })
}

/** The keys of QUALYS_ALLOWED_PARAMETERS that a script does not have, as far as Qualys shows its parameters. */
async function surplusKeys({ allowedParameters }: Settings, context: LookupContext): Promise<string[]> {
  const clauses: string[] = []
  for (const [scriptId, patterns] of allowedParameters ?? []) {
    const record = await tryLookUp(context, () => readRecord(context, getScript, { scriptId }))
    const keys = record && keysOf(record)
    for (const key of keys ? patterns.keys() : [])
      if (!keys?.includes(key))
        clauses.push(
          `QUALYS_ALLOWED_PARAMETERS names ${quotation(key)}, and script ${scriptId} has no such parameter`,
        )
  }
  return clauses
}

/** What the limits name and nothing at Qualys bears, one clause each: it allows or guards nothing. */
export async function unmatchedEntries(settings: Settings, context: LookupContext): Promise<string[]> {
  const all = entriesOf(settings)
  const clauses: string[] = []
  for (const list of new Set(all.map((one) => one.list))) {
    const ofList = all.filter((one) => one.list === list)
    const unmatched = await unmatchedIn(list, [...new Set(ofList.flatMap(({ entries }) => entries))], context)
    for (const { setting, noun, entries } of ofList)
      clauses.push(
        ...texts(
          unmatched === undefined && `${setting} could not be compared with the ${noun}s at Qualys`,
          entries
            .filter((entry) => unmatched?.has(entry))
            .map((entry) => `${setting} names ${quotation(entry)}, and Qualys lists no such ${noun}`),
        ),
      )
  }
  return [...clauses, ...(await surplusKeys(settings, context))]
}

/** The processes whose entries are logged. */
const reported = new WeakSet<Safeguards>()

/**
 * Logs the entries that nothing bears, once a process, before its first effect: the start itself needs no network. No
 * failure of this stops the effect, which has limits of its own.
 */
export async function reportUnmatchedEntries(context: ToolContext): Promise<void> {
  const { safeguards, configuration, log, signal } = context
  if (reported.has(safeguards)) return
  reported.add(safeguards)
  try {
    for (const clause of await unmatchedEntries(configuration.settings, context)) log.warn({}, clause)
  } catch (error) {
    signal.throwIfAborted()
    log.warn(factsOf(error), 'the limits could not be compared with Qualys')
  }
}
