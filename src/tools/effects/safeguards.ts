import { setMaxListeners } from 'node:events'
import packageJson from '../../../package.json' with { type: 'json' }
import { limitSpecs } from '../../config/limits/specs.ts'
import type { Settings } from '../../config/settings.ts'
import { stateDirOf } from '../../config/state-dir.ts'
import { randomUUID } from '../../shared/crypto.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { Safeguards } from '../tool.ts'
import { KeptAnswers } from './approval/late-answers.ts'
import { Declines } from './approval/pending/declines.ts'
import { RequestStateIssuer } from './approval/request-state.ts'
import { AuditLog } from './audit/audit-log.ts'
import { ObjectTurns } from './turns.ts'

/** How long a person may take to answer (design 7). */
const answerTimeoutSeconds = 600

/** What a test, or the end of the program, decides about safeguards. */
interface SafeguardOptions {
  readonly answerTimeout?: number | undefined
  /** Aborted when the program is told to end. */
  readonly ending?: AbortSignal | undefined
}

/** The limits that the operator has set, by the names of their settings. */
function limitsSet(settings: Settings): string[] {
  const names = Object.keys(limitSpecs) as (keyof typeof limitSpecs)[]
  return names
    .filter((name) => {
      const { schema, ...spec } = limitSpecs[name]
      const usual = 'default' in spec ? schema.parse(spec.default) : undefined
      return settings[name] !== usual
    })
    .map((name) => limitSpecs[name].env)
}

/** What the first line of an audit log says about this program. */
function programFacts(settings: Settings): Readonly<Record<string, unknown>> {
  const { mode, confirm, sandbox, platform, gatewayUrl, apiUrl } = settings
  const address = gatewayUrl ?? apiUrl
  const host = address === undefined ? undefined : new URL(address).host
  return {
    version: packageJson.version,
    platform: sandbox ? 'sandbox' : (platform?.code ?? host),
    mode,
    ...(mode === 'confirm' && { confirm }),
    limits: limitsSet(settings),
  }
}

/** The safeguards for these settings. */
export function safeguardsOf(
  settings: Settings,
  redact: Redact,
  { answerTimeout = answerTimeoutSeconds, ending = new AbortController().signal }: SafeguardOptions = {},
): Safeguards {
  const { auditFile: path } = settings
  // Every effect that runs listens to it.
  setMaxListeners(0, ending)
  const stateDir = stateDirOf(settings)
  let server: string | undefined
  return {
    // Made with the first effect, since a start needs none.
    get server() {
      server ??= randomUUID()
      return server
    },
    requestStates: new RequestStateIssuer(answerTimeout),
    lateAnswers: new KeptAnswers(answerTimeoutSeconds * 1000),
    declines: new Declines(stateDir),
    turns: new ObjectTurns(),
    answerTimeoutMs: answerTimeout * 1000,
    stateDir,
    audit: path === undefined ? undefined : new AuditLog({ path, redact, program: programFacts(settings) }),
    ending,
  }
}
