import { entriesOf } from '../../../../config/secret-bindings.ts'
import type { Settings } from '../../../../config/settings.ts'
import type { Effect, SecretUse } from '../../../../operations/operation.ts'
import { variableOf } from '../../../../session/requests/references.ts'
import { SetupError } from '../../../../shared/errors.ts'
import { quotation } from '../../../../shared/safe-text.ts'
import type { ToolContext } from '../../../tool.ts'
import type { CarTargets } from '../../targets/car-targets.ts'
import type { Target } from '../../targets/lookup.ts'
import { limitError } from '../limits/limit-error.ts'
import { hashScriptContent } from '../limits/scripts.ts'
import { mayBeOfRepository, mayBeSynced } from './script-origin.ts'
import { storedSecrets } from './stored-secrets.ts'

// The limits on secrets (design 7): a secret goes where the operator said, and nowhere else.

/** What a call does with credentials. */
export interface Credentials {
  /** True for a call that names a secret, or the token that Qualys stores for a script. */
  readonly namesSecret: boolean
  /** True if a repository gets a token. */
  readonly sendsToken: boolean
}

const listed = (entries: Iterable<string>): string => [...entries].map(quotation).join(', ')

function scriptText(id: string, { scripts }: CarTargets): string {
  const title = scripts.find((script) => script.id === id)?.row?.['title']
  return typeof title === 'string' ? `script ${id} ${quotation(title)}` : `script ${id}`
}

/** A name in letters beyond ASCII is shown in its ASCII form, which a person cannot read. */
const isPunycode = (host: string): boolean => host.split('.').some((label) => label.startsWith('xn--'))

function checkHost(host: string, { repositoryHosts }: Settings): void {
  if (repositoryHosts && !repositoryHosts.has(host))
    throw limitError(
      `scripts come from the hosts that QUALYS_REPOSITORY_HOSTS names (${listed(repositoryHosts)}), and ${quotation(host)} is not one of them`,
      'QUALYS_REPOSITORY_HOSTS',
    )
  if (!repositoryHosts && isPunycode(host))
    throw limitError(
      `${quotation(host)} stands for a name in other letters, which only QUALYS_REPOSITORY_HOSTS can allow`,
      'QUALYS_REPOSITORY_HOSTS',
    )
}

/**
 * Tools can neither change nor copy a script that a secret is bound to: what a model writes would get the secret, of a
 * copy because stored parameters are copied, too.
 */
function refuseBoundScript(targets: CarTargets, { secretBindings }: Settings): void {
  const { changesScript = false, copiesScript = false, scripts = [] } = targets.named
  if (!changesScript && !copiesScript) return
  for (const [variable, binding] of secretBindings) {
    const bound = scripts.find((id) => binding.scripts.has(id))
    if (bound === undefined) continue
    throw limitError(
      `${variable}_FOR names ${scriptText(bound, targets)}, and no tool may ${changesScript ? 'change' : 'copy'} a script that it names`,
      `${variable}_FOR`,
    )
  }
}

const placeOf = (use: SecretUse, targets: CarTargets): string => {
  if ('host' in use) return `the repository host ${quotation(use.host)}`
  return use.script === undefined ? 'a new script, which has no id yet' : scriptText(use.script, targets)
}

/** Throws unless the secret may serve for this. */
async function checkBinding(use: SecretUse, targets: CarTargets, context: ToolContext): Promise<void> {
  const { mode, secretBindings } = context.configuration.settings
  const setting = `${variableOf(use.name)}_FOR`
  const binding = secretBindings.get(variableOf(use.name))
  if (!binding) {
    if (mode !== 'unattended') return
    throw limitError(
      `the secret ${quotation(use.name)} is bound to nothing (${setting} is not set), and in mode unattended such a secret serves nothing`,
      setting,
    )
  }
  const { hosts, scripts } = binding
  const isBound = 'host' in use ? hosts.has(use.host) : use.script !== undefined && scripts.has(use.script)
  if (!isBound)
    throw limitError(
      `the secret ${quotation(use.name)} may go to ${listed(entriesOf(binding))} (${setting}), and not to ${placeOf(use, targets)}`,
      setting,
    )
  if ('host' in use || use.script === undefined) return
  const pin = scripts.get(use.script)
  if (pin !== undefined && (await hashScriptContent(context, use.script)) !== pin)
    throw limitError(
      `${scriptText(use.script, targets)} does not have the content that ${setting} pins, so it does not get the secret ${quotation(use.name)}`,
      setting,
    )
}

/** Throws for a secret parameter of a script whose content may change without a call. */
function refuseSynced(use: SecretUse, targets: CarTargets): void {
  if ('host' in use) return
  const { named, scripts } = targets
  const stored = scripts.find(({ id }) => id === use.script)
  const isSynced =
    named.repository?.mayBeSynced === true || (use.script !== undefined && mayBeSynced(stored?.raw))
  if (!isSynced) return
  const script = use.script === undefined ? 'the new script' : scriptText(use.script, targets)
  throw new SetupError(
    `The secret ${quotation(use.name)} does not go to ${script}: it is synchronised with a repository, or nothing says that it is not, and whoever may change the file there would get the secret.`,
    'Tell the operator of this server and the owner of the script. No tool gives such a script a secret parameter.',
  )
}

/** True if Qualys may send a token that it stores for the script to the repository of the call. */
function mayStoreToken({ named, scripts }: CarTargets): boolean {
  const hasRepository = ({ raw }: Target): boolean => mayBeOfRepository(raw)
  return named.repository !== undefined && named.changesScript === true && scripts.some(hasRepository)
}

/** Nobody is asked in mode unattended: the operator has to have named the host. */
function checkStoredToken(uses: readonly SecretUse[], targets: CarTargets, settings: Settings): void {
  const { mode, repositoryHosts } = settings
  const { host = '' } = targets.named.repository ?? {}
  const isHostNamed = repositoryHosts !== undefined || uses.some((use) => 'host' in use)
  if (mode !== 'unattended' || isHostNamed) return
  const [id = ''] = targets.named.scripts ?? []
  throw limitError(
    `Qualys may send the token that it stores for ${scriptText(id, targets)} to ${quotation(host)}, and QUALYS_REPOSITORY_HOSTS, which would have to name that host in mode unattended, is not set`,
    'QUALYS_REPOSITORY_HOSTS',
  )
}

/** A call, as far as the limits on secrets go. */
interface Call {
  readonly effect: Effect
  /** The secrets that its arguments name. */
  readonly uses: readonly SecretUse[]
}

/** Throws if a limit on repositories and secrets forbids the call. */
export async function checkCredentials(
  call: Call,
  targets: CarTargets,
  context: ToolContext,
): Promise<Credentials> {
  const { settings } = context.configuration
  const { repository } = targets.named
  if (repository) checkHost(repository.host, settings)
  refuseBoundScript(targets, settings)
  // A schedule that is switched off or deleted passes nothing any more.
  const stored = call.effect === 'execute' ? storedSecrets(targets, settings) : []
  const uses = [...call.uses, ...stored]
  for (const use of uses) {
    refuseSynced(use, targets)
    await checkBinding(use, targets, context)
  }
  const sendsStored = mayStoreToken(targets)
  if (sendsStored) checkStoredToken(uses, targets, settings)
  return {
    namesSecret: uses.length > 0 || sendsStored,
    sendsToken: repository?.getsToken === true || sendsStored,
  }
}
