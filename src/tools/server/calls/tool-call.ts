import { isInputRequiredResult, type Server, type ServerContext } from '@modelcontextprotocol/server'
import { errorLogFor } from '../../../shared/log.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { arrivalTime } from '../../arrival.ts'
import { approverOf, runWithApproval } from '../../effects/approval/elicitation.ts'
import { refuseSecrets } from '../../effects/policy/refuse-secrets.ts'
import { progressOf } from '../../progress.ts'
import { signalOf } from '../../request-signal.ts'
import type { ServerServices, Tool, ToolContext } from '../../tool.ts'
import { clientOf } from '../identity.ts'
import { takesResourceLinks } from './resource-links.ts'
import { errorResult, type ResultForm, resultOf } from './results.ts'

// What a call needs and a list does not: loaded at the first call.

/** One tools/call of a client. */
export interface ToolCall {
  readonly server: Server
  readonly args: Readonly<Record<string, unknown>>
  readonly request: ServerContext
}

/** Calls a tool for a client. Whatever goes wrong is a result that says so, redacted. */
export async function callTool(
  tool: () => Promise<Tool>,
  { server, args, request }: ToolCall,
  { openSession, redact, refusalOfCall, ...services }: ServerServices,
) {
  const { settings } = services.configuration
  const signal = signalOf(request)
  const named = request.mcpReq._meta?.['qualys-mcp/reply']
  const form: ResultForm = {
    prefix: settings.sandbox ? 'sandbox: ' : '',
    isJson: settings.reply === 'json' || named === 'json',
    isNamed: named !== undefined,
    hasLinks: takesResourceLinks(server, request, settings),
    withheldTools: services.withheldTools,
  }
  try {
    const refusal = refusalOfCall?.()
    if (refusal) throw refusal
    const progress = progressOf(request)
    const session = await openSession()
    const context: ToolContext = {
      ...services,
      session: session.forCall(
        (message) => progress.say(message),
        services.caller.named && services.caller.id,
      ),
      signal,
      progress,
      client: clientOf(server, request),
      approver: approverOf(server, request),
      arrivedAt: arrivalTime(),
    }
    refuseSecrets(args)
    const reply = await runWithApproval(await tool(), args, context)
    if (isInputRequiredResult(reply)) return reply
    // Redacted first: the result says how much is masked.
    return resultOf(redactJson(reply, redact), form)
  } catch (error) {
    return redactJson(errorResult(error, form, errorLogFor(services.log, signal)), redact)
  }
}
