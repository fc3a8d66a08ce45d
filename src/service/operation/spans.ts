import { type Clock, systemClock } from '../../shared/clock.ts'
import { messageOf } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { methodLabel, outcomeLabel, toolLabel } from './metric-labels.ts'
import {
  installCommand,
  type Load,
  loadInstalled,
  loadPackages,
  type OtelPackages,
  type Tracer,
} from './otel-packages.ts'
import { type NextIds, openProvider, shutDown } from './span-export.ts'
import type { RemoteSpan, Trace } from './trace.ts'

// Spans of OpenTelemetry, by its conventions for MCP (open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md, in
// development). A span never holds an argument, a result, or anything about the caller.

/** What a span says about an MCP request. */
export interface SpanFacts {
  /** As the caller sent them. */
  readonly method: string
  readonly tool?: string | undefined
  readonly protocolVersion?: string | undefined
  /** The id of the JSON-RPC request; absent for a notification. */
  readonly requestId?: string | number | undefined
  readonly trace: Trace
}

/** A span that has begun. */
export interface OpenSpan {
  /** `outcome`: as in the metrics. */
  readonly end: (outcome: string) => void
}

/** The spans of one service. */
export interface Spans {
  readonly start: (facts: SpanFacts) => OpenSpan
  /** Sends what is left, for at most two seconds. */
  readonly close: () => Promise<void>
}

/** What spans need besides environment and log. */
export interface SpanOptions {
  readonly version: string
  /** The names of all tools that the server lists to anybody. */
  readonly tools: Iterable<string>
  readonly load?: Load
  readonly clock?: Pick<Clock, 'after'>
}

const maxIdLength = 64

const none: Spans = { start: () => ({ end: () => undefined }), close: async () => undefined }

type Environment = Readonly<Record<string, string | undefined>>

/** True if the environment names where spans go, and does not switch them off. */
function isConfigured(environment: Environment): boolean {
  const read = (name: string): string => (environment[name] ?? '').trim().toLowerCase()
  if (read('OTEL_SDK_DISABLED') === 'true' || read('OTEL_TRACES_EXPORTER') === 'none') return false
  return read('OTEL_EXPORTER_OTLP_ENDPOINT') !== '' || read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== ''
}

/** Starts spans with the parents that their traces name. */
function starter({ api }: OtelPackages, tracer: Tracer, next: NextIds, tools: ReadonlySet<string>) {
  const contextOf = ({ traceId, spanId, sampled, state }: RemoteSpan) => ({
    traceId,
    spanId,
    traceFlags: sampled ? 1 : 0,
    isRemote: true,
    ...(state !== undefined && { traceState: api.createTraceState(state) }),
  })
  return ({ method, tool, protocolVersion, requestId, trace }: SpanFacts): OpenSpan => {
    const methodName = methodLabel(method)
    const toolName = toolLabel(tool, tools)
    const { traceId, spanId, parentId, sampled, state, link } = trace
    next.traceId = traceId
    next.spanId = spanId
    const parent =
      parentId === undefined
        ? api.ROOT_CONTEXT
        : api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf({ traceId, spanId: parentId, sampled, state }))
    const attributes = {
      'mcp.method.name': methodName,
      ...(toolName !== '' && { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': toolName }),
      ...(protocolVersion !== undefined && { 'mcp.protocol.version': oneLine(protocolVersion, maxIdLength) }),
      ...(requestId !== undefined && { 'jsonrpc.request.id': oneLine(String(requestId), maxIdLength) }),
    }
    const span = tracer.startSpan(
      `${methodName} ${toolName}`.trim(),
      { kind: api.SpanKind.SERVER, attributes, links: link ? [{ context: contextOf(link) }] : [] },
      parent,
    )
    return {
      end: (outcome) => {
        const kind = outcomeLabel(outcome)
        // A question to a person is no failure.
        if (kind !== 'ok' && kind !== 'asked') {
          // The convention has `tool_error` for every tool; the kind says who can do something about it.
          span.setAttributes({ 'error.type': kind })
          span.setStatus({ code: api.SpanStatusCode.ERROR })
        }
        span.end()
      },
    }
  }
}

/**
 * Opens the spans if the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT or …_TRACES_ENDPOINT); otherwise
 * loads nothing. If a package is missing, one warning says so, and there are no spans.
 */
export async function openSpans(
  environment: Environment,
  log: Log,
  { version, tools, load = loadInstalled, clock = systemClock }: SpanOptions,
): Promise<Spans> {
  if (!isConfigured(environment)) return none
  try {
    const packages = await loadPackages(load)
    const next: NextIds = { traceId: '', spanId: '' }
    const provider = openProvider(packages, version, next, log)
    const tracer = provider.getTracer('qualys-mcp', version)
    return {
      start: starter(packages, tracer, next, new Set(tools)),
      close: () => shutDown(provider, log, clock),
    }
  } catch (error) {
    log.warn(
      { error: oneLine(messageOf(error)) },
      `no spans are exported: install the packages with \`${installCommand}\``,
    )
    return none
  }
}
