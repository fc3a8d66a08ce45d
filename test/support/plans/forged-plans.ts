import type { Approval } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import type { PlanApproval, PlanEvent, RolloutPlan } from '../../../src/tools/plans/plan.ts'
import { waitingFile } from '../forged/approved-files.ts'
import { codeIn } from '../forged/attacks.ts'
import type { SoftwareKey } from '../passkeys/software-key.ts'
import { type ApprovalServer, annasFolder, type OpenServer } from './approval-server.ts'
import { linesIn, plansIn, rolloutOf, stateIn } from './rollout-test.ts'

// What somebody writes into journals who has the state folder, and not the passkey.

type Json = Record<string, unknown>

/** A server that takes passkeys alone, and the key of Anna. */
export async function openForger(open: OpenServer) {
  const { key, stateDir } = annasFolder()
  const server = await open({ capabilities: {}, stateDir, settings: { QUALYS_PASSKEY_FOR: 'execute' } })
  let proposed = 0
  /** Proposes a rollout that differs from every other in its description. */
  const propose = async (hosts: readonly string[], needsApproval = false) => {
    const { waves, ...rest } = rolloutOf(hosts, 1, 2, 1)
    const description = `forged ${++proposed}`
    const args = {
      ...rest,
      description,
      waves: waves.map((wave, at) => ({ ...wave, needsApproval: needsApproval && at > 0 })),
    }
    const code = codeIn(await server.ask('car_plan_rollout', args))
    const known = plansIn(stateDir).map((id) => stateIn(stateDir, id).plan)
    const plan = known.find((one) => one.description === description)
    if (!plan) throw new Error('nothing was proposed')
    return { plan, args, code, file: waitingFile(stateDir, code) }
  }
  return { server, key, stateDir, propose }
}

/** Writes the next line of a journal, as the program would. */
export function writeLine(stateDir: string, id: string, event: PlanEvent): void {
  const journals = openPlanFiles(stateDir)
  if (!journals.append(id, journals.read(id), event, 'Anna, on the approval page with a passkey'))
    throw new Error('the line was not written')
}

/** A signature on the page of a server. */
export function signed({ page }: ApprovalServer, key: SoftwareKey, digest: string): Approval {
  const [origin = ''] = page.origins()
  const challenge = Buffer.from(digest, 'hex').toString('base64url')
  const assertion = key.assert({ challenge, origin, rpId: 'localhost' }) as unknown as Json
  const passkey = { credentialId: key.credentialId, assertion }
  return { way: 'page', by: 'passkey', person: 'Anna', passkey, at: Date.now() }
}

/** The yes to a whole rollout, as its journal holds it. */
export function yesOf(stateDir: string, { id }: RolloutPlan): PlanApproval {
  const line = linesIn(stateDir, id).find(({ kind }) => kind === 'approved')
  if (line?.kind !== 'approved') throw new Error('it was not approved')
  return line.approval
}

/** What is said of an approval that is for something else. */
export const otherPlan =
  'The approval in the journal is for something else than this plan. Resuming asks a person again.'
