import { setMaxListeners } from 'node:events'
import packageJson from '../../../package.json' with { type: 'json' }
import type { ApprovalWay } from '../../config/approval/parsers.ts'
import { limitSpecs } from '../../config/limits/specs.ts'
import { platformName } from '../../config/platforms.ts'
import type { Settings } from '../../config/settings.ts'
import { passkeysPath, stateDirOf } from '../../config/state-dir.ts'
import { deriveKey, randomBytes, randomUUID } from '../../shared/crypto.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { ApprovalPage, CallTimes } from '../approvals.ts'
import type { Safeguards } from '../tool.ts'
import { KeptAnswers } from './approval/form/late-answers.ts'
import { RequestStateIssuer } from './approval/form/request-state.ts'
import { Declines } from './approval/pending/declines.ts'
import { Records } from './approval/records.ts'
import { serverIdOf } from './approval/server-id.ts'
import { AuditLog } from './audit/audit-log.ts'
import { usualTimes } from './timing/call-times.ts'
import { ObjectTurns } from './turns.ts'

/** How long a person may take to answer (design 7). */
const answerTimeoutSeconds = 600

/** What a test, or the end of the program, decides about safeguards. */
interface SafeguardOptions {
  /** The ways in which a person may say yes unless the settings name others; all unless it is given. */
  readonly usualWays?: readonly ApprovalWay[]
  readonly page?: ApprovalPage | undefined
  readonly callTimes?: CallTimes
  readonly waitsAtOnce?: boolean | undefined
  /** True if this process moves plans on by itself, where the settings allow it. */
  readonly movesPlans?: boolean | undefined
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

/**
 * True if the settings let waves be sent. A server that may send none leaves plans to the others of its state folder: it
 * would hold them for limits that are not theirs.
 */
const maySendWaves = ({ mode, maxAssetsPerPlan }: Settings): boolean =>
  mode !== 'read-only' && maxAssetsPerPlan > 0

/** What the first line of an audit log says about this program. */
function programFacts(settings: Settings): Readonly<Record<string, unknown>> {
  const { mode, confirm } = settings
  return {
    version: packageJson.version,
    platform: platformName(settings),
    mode,
    ...(mode === 'confirm' && { confirm }),
    limits: limitsSet(settings),
  }
}

/**
 * The key that seals what is approved on the page of a service: a restart leaves it as it is, and who can write the state
 * folder does not have it. It lasts no longer than this process where the settings hold no secret of the account.
 */
function sealKeyOf({ clientSecret, password }: Settings, serverId: () => string): Buffer {
  const secret = clientSecret ?? password
  return secret ? deriveKey(secret.reveal(), `qualys-mcp approvals ${serverId()}`) : randomBytes(32)
}

/** The safeguards for these settings. */
export function safeguardsOf(
  settings: Settings,
  redact: Redact,
  {
    answerTimeout = answerTimeoutSeconds,
    ending = new AbortController().signal,
    usualWays = ['client', 'page', 'terminal'],
    page,
    callTimes = usualTimes,
    waitsAtOnce = false,
    movesPlans = false,
  }: SafeguardOptions = {},
): Safeguards {
  const { auditFile: path } = settings
  // Every effect that runs listens to it.
  setMaxListeners(0, ending)
  const stateDir = stateDirOf(settings)
  let server: string | undefined
  let sealKey: Buffer | undefined
  // Made with the first effect, since a start needs none.
  const ownId = (): string => {
    server ??= randomUUID()
    return server
  }
  return {
    get server() {
      return ownId()
    },
    requestStates: new RequestStateIssuer(answerTimeout),
    lateAnswers: new KeptAnswers(answerTimeoutSeconds * 1000),
    declines: new Declines(stateDir),
    turns: new ObjectTurns(),
    callTimes,
    answerTimeoutMs: answerTimeout * 1000,
    stateDir,
    audit: path === undefined ? undefined : new AuditLog({ path, redact, program: programFacts(settings) }),
    ending,
    movesPlans: movesPlans && maySendWaves(settings),
    approvals: {
      usualWays,
      records: new Records(),
      page,
      waitsAtOnce,
      passkeys: async () => {
        const { openPasskeys } = await import('./approval/page/passkeys/passkeys.ts')
        return openPasskeys({ path: passkeysPath(settings), stateDir })
      },
      get sealKey() {
        sealKey ??= sealKeyOf(settings, () => serverIdOf(stateDir, ownId()))
        return sealKey
      },
    },
  }
}
