import type { ExportResult, Load } from '../../../src/service/operation/otel-packages.ts'

/** A span that a stand-in of OpenTelemetry's packages has made. */
export interface MadeSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parent: unknown
  readonly kind: number
  readonly attributes: Record<string, string>
  readonly links: readonly unknown[]
  status: number
  isEnded: boolean
}

interface ProviderConfig {
  readonly resource: { readonly attributes: Readonly<Record<string, string>> }
  readonly idGenerator: { readonly generateTraceId: () => string; readonly generateSpanId: () => string }
}

interface StartOptions {
  readonly kind: number
  readonly attributes: Readonly<Record<string, string>>
  readonly links: readonly unknown[]
}

interface SpanContext {
  readonly traceId: string
}

interface OtelOptions {
  /** The attributes that OTEL_RESOURCE_ATTRIBUTES gives. */
  readonly environment?: Readonly<Record<string, string>>
  /** The name of the package that is not installed. */
  readonly missing?: string
  readonly shutdown?: () => Promise<void>
}

const resourceOf = (attributes: Readonly<Record<string, string>>) => ({
  attributes,
  merge: (other: { readonly attributes: Readonly<Record<string, string>> }): unknown =>
    resourceOf({ ...attributes, ...other.attributes }),
})

/** Stand-ins of OpenTelemetry's packages, as far as spans.ts uses them, and what they have seen. */
export function openOtel({ environment = {}, missing, shutdown = async () => undefined }: OtelOptions = {}) {
  const loaded: string[] = []
  const spans: MadeSpan[] = []
  const results: ExportResult[] = []
  const resources: unknown[] = []
  /** Exports no spans, with this result; what the processor of the packages does by itself. */
  let exportWith = (_result: ExportResult): void => undefined

  class OTLPTraceExporter {
    #result: ExportResult = { code: 0 }
    export(batch: readonly unknown[], done: (result: ExportResult) => void): void {
      this.#result = batch[0] as ExportResult
      done(this.#result)
    }
    async shutdown(): Promise<void> {
      // Nothing to end.
    }
  }

  class BatchSpanProcessor {
    constructor(exporter: OTLPTraceExporter) {
      exportWith = (result) => exporter.export([result], (given) => results.push(given))
    }
  }

  class NodeTracerProvider {
    readonly #ids: ProviderConfig['idGenerator']
    constructor({ resource, idGenerator }: ProviderConfig) {
      resources.push(resource.attributes)
      this.#ids = idGenerator
    }
    getTracer() {
      return {
        startSpan: (name: string, { kind, attributes, links }: StartOptions, context: unknown) => {
          const parent = (context as { readonly span?: SpanContext }).span
          const span: MadeSpan = {
            name,
            kind,
            links,
            parent,
            // As the real one: a span takes the trace of its parent.
            spanId: this.#ids.generateSpanId(),
            traceId: parent?.traceId ?? this.#ids.generateTraceId(),
            attributes: { ...attributes },
            status: 0,
            isEnded: false,
          }
          spans.push(span)
          return {
            setAttributes: (more: Readonly<Record<string, string>>) => Object.assign(span.attributes, more),
            setStatus: ({ code }: { readonly code: number }) => {
              span.status = code
            },
            end: () => {
              span.isEnded = true
            },
          }
        },
      }
    }
    shutdown = shutdown
  }

  const packages: Readonly<Record<string, unknown>> = {
    '@opentelemetry/api': {
      ROOT_CONTEXT: {},
      SpanKind: { SERVER: 1 },
      SpanStatusCode: { ERROR: 2 },
      createTraceState: (text: string) => ({ state: text }),
      trace: { setSpanContext: (context: object, span: unknown) => ({ ...context, span }) },
    },
    '@opentelemetry/sdk-trace-node': { BatchSpanProcessor, NodeTracerProvider },
    '@opentelemetry/exporter-trace-otlp-http': { OTLPTraceExporter },
    '@opentelemetry/resources': {
      defaultResource: () =>
        resourceOf({ 'service.name': 'unknown_service', 'telemetry.sdk.language': 'nodejs' }),
      resourceFromAttributes: resourceOf,
      detectResources: () => resourceOf(environment),
      envDetector: {},
    },
  }
  const load: Load = async (name) => {
    loaded.push(name)
    if (name === missing || !(name in packages)) throw new Error(`Cannot find package '${name}'`)
    return packages[name]
  }
  return { load, loaded, spans, results, resources, exportWith: (result: ExportResult) => exportWith(result) }
}
