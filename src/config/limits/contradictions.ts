import { SettingsError } from '../../shared/errors.ts'
import { comparableName, quotation } from '../../shared/safe-text.ts'

/** The settings that can contradict each other. */
interface Guards {
  readonly mode: 'read-only' | 'confirm' | 'unattended'
  readonly allowedScripts?: ReadonlyMap<string, unknown>
  readonly blockedScripts?: ReadonlySet<string>
  readonly allowedParameters?: ReadonlyMap<string, unknown>
  readonly allowedTags?: readonly string[]
  readonly blockedTags?: readonly string[]
  readonly allowedAssets?: readonly string[]
  readonly blockedAssets?: readonly string[]
  readonly repositoryHosts?: ReadonlySet<string>
  readonly forbid?: ReadonlySet<string>
  readonly stopFile?: string
  readonly auditFile?: string
}

/** An entry of both lists; undefined if they share none. */
function sharedEntry(
  allowed: Iterable<string> | undefined,
  blocked: Iterable<string> | undefined,
): string | undefined {
  const names = new Set([...(blocked ?? [])].map(comparableName))
  return [...(allowed ?? [])].find((name) => names.has(comparableName(name)))
}

const whatModesDo = { 'read-only': 'nothing is changed', unattended: 'nobody is asked' } as const

/** Why a list of effects that need a person guards nothing. */
function confirmFault({ mode }: Guards, confirmSource: string | undefined): string | undefined {
  if (mode === 'confirm' || confirmSource === undefined) return undefined
  return `${confirmSource} is set, but in QUALYS_MODE=${mode} ${whatModesDo[mode]}: unset it, or write QUALYS_MODE=confirm.`
}

/** Why an entry that is allowed is not. */
function listFault(guards: Guards): string | undefined {
  const pairs = [
    [
      'QUALYS_ALLOWED_SCRIPTS',
      guards.allowedScripts?.keys(),
      'QUALYS_BLOCKED_SCRIPTS',
      guards.blockedScripts,
    ],
    [
      'QUALYS_ALLOWED_PARAMETERS',
      guards.allowedParameters?.keys(),
      'QUALYS_BLOCKED_SCRIPTS',
      guards.blockedScripts,
    ],
    ['QUALYS_ALLOWED_TAGS', guards.allowedTags, 'QUALYS_BLOCKED_TAGS', guards.blockedTags],
    ['QUALYS_ALLOWED_ASSETS', guards.allowedAssets, 'QUALYS_BLOCKED_ASSETS', guards.blockedAssets],
  ] as const
  for (const [allowing, allowed, blocking, blocked] of pairs) {
    const entry = sharedEntry(allowed, blocked)
    if (entry !== undefined)
      return `${quotation(entry)} is in both ${allowing} and ${blocking}: take it out of one of them.`
  }
  return undefined
}

/** Why patterns of parameters are for no script that may run. */
function parameterFault({ allowedScripts, allowedParameters }: Guards): string | undefined {
  const script = [...(allowedParameters?.keys() ?? [])].find((id) => allowedScripts?.has(id) === false)
  return script === undefined
    ? undefined
    : `QUALYS_ALLOWED_PARAMETERS names script ${script}, which QUALYS_ALLOWED_SCRIPTS does not: add it there, or take it out here.`
}

function otherFault({ forbid, repositoryHosts, stopFile, auditFile }: Guards): string | undefined {
  if (forbid?.has('repository') && repositoryHosts !== undefined)
    return 'QUALYS_FORBID=repository forbids every repository, so QUALYS_REPOSITORY_HOSTS allows nothing: keep one of them.'
  return stopFile !== undefined && stopFile === auditFile
    ? 'QUALYS_STOP_FILE and QUALYS_AUDIT_FILE name the same file, which would stop every effect: name another one.'
    : undefined
}

/**
 * Throws a SettingsError for guards that contradict each other: whoever set both relies on one that does not hold.
 * `confirmSource`: the flag or variable that sets which effects need a person.
 */
export function refuseContradictoryGuards(guards: Guards, confirmSource: string | undefined): void {
  const fault =
    confirmFault(guards, confirmSource) ?? listFault(guards) ?? parameterFault(guards) ?? otherFault(guards)
  if (fault !== undefined) throw new SettingsError(fault)
}
