// Every metric of the service, as data. OpenTelemetry's conventions for MCP are in development
// (open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md), so the names are our own, by the conventions of
// Prometheus: a prefix, base units, `_total` for counters.

/** Name, help and labels of one metric. */
interface MetricSpec {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
}

export const metricSpecs = {
  operationDuration: {
    name: 'qualys_mcp_operation_duration_seconds',
    help: 'Duration of MCP requests and notifications, by method, tool and outcome.',
    labelNames: ['method', 'tool', 'outcome'],
  },
  httpRequests: {
    name: 'qualys_mcp_http_requests_total',
    help: 'HTTP requests that were answered, by route and class of the status.',
    labelNames: ['status', 'route'],
  },
  httpRefusals: {
    name: 'qualys_mcp_http_refusals_total',
    help: 'HTTP requests and connections that were refused before a handler ran, by reason.',
    labelNames: ['reason'],
  },
  connections: {
    name: 'qualys_mcp_connections',
    help: 'Open connections of clients.',
  },
  callsInFlight: {
    name: 'qualys_mcp_calls_in_flight',
    help: 'Tool calls that have begun and are not answered yet.',
  },
  upstreamDuration: {
    name: 'qualys_mcp_upstream_duration_seconds',
    help: 'Duration of HTTP requests to Qualys, each attempt by itself, by product and class of the status.',
    labelNames: ['product', 'status'],
  },
  upstreamLimitRemaining: {
    name: 'qualys_mcp_upstream_limit_remaining',
    help: 'API calls that Qualys last reported as left in its window. Absent while unknown.',
    labelNames: ['server'],
  },
  logins: {
    name: 'qualys_mcp_logins_total',
    help: 'Logins at Qualys, by outcome.',
    labelNames: ['outcome'],
  },
  approvalsWaiting: {
    name: 'qualys_mcp_approvals_waiting',
    help: 'Calls that wait for a person to approve them.',
  },
  rollouts: {
    name: 'qualys_mcp_rollouts',
    help: 'Rollouts of the state folder, by state; `damaged` for those whose journal cannot be read.',
    labelNames: ['state'],
  },
  buildInfo: {
    name: 'qualys_mcp_build_info',
    help: 'Always 1; the version of qualys-mcp is a label.',
    labelNames: ['version'],
  },
} as const satisfies Readonly<Record<string, MetricSpec>>

/** The buckets that OpenTelemetry advises for `mcp.server.operation.duration`, in seconds. */
export const operationBuckets = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

/** In seconds. An answer of Qualys takes more than a few milliseconds, and at most about a minute. */
export const upstreamBuckets = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120]
