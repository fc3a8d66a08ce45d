import { messageOf } from '../../shared/errors.ts'

// The parts of OpenTelemetry's packages that are used here. They are no dependencies: who wants spans installs them.

/** Where spans are; the names are those of `@opentelemetry/api`. */
interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly isRemote?: boolean
  readonly traceState?: unknown
}

type Attributes = Readonly<Record<string, string>>

interface OtelSpan {
  readonly setAttributes: (attributes: Attributes) => void
  readonly setStatus: (status: { readonly code: number }) => void
  readonly end: () => void
}

interface SpanOptions {
  readonly kind: number
  readonly attributes: Attributes
  readonly links: readonly { readonly context: SpanContext }[]
}

/** Starts spans; `context` holds the parent. */
export interface Tracer {
  readonly startSpan: (name: string, options: SpanOptions, context: unknown) => OtelSpan
}

interface Resource {
  readonly merge: (other: Resource) => Resource
}

/** Sends spans, and calls `done` once. */
export interface Exporter {
  readonly export: (spans: readonly unknown[], done: (result: ExportResult) => void) => void
  readonly shutdown: () => Promise<void>
  readonly forceFlush?: () => Promise<void>
}

/** `code` is 0 for a success. */
export interface ExportResult {
  readonly code: number
  readonly error?: Error
}

/** Makes tracers, and ends them all. */
export interface TracerProvider {
  readonly getTracer: (name: string, version: string) => Tracer
  readonly shutdown: () => Promise<void>
}

/** Chooses the ids of new spans. */
interface IdGenerator {
  readonly generateTraceId: () => string
  readonly generateSpanId: () => string
}

/** What is used of the packages. */
export interface OtelPackages {
  readonly api: {
    readonly ROOT_CONTEXT: unknown
    readonly SpanKind: { readonly SERVER: number }
    readonly SpanStatusCode: { readonly ERROR: number }
    readonly createTraceState: (text: string) => unknown
    readonly trace: { readonly setSpanContext: (context: unknown, span: SpanContext) => unknown }
  }
  readonly sdk: {
    readonly BatchSpanProcessor: new (exporter: Exporter) => unknown
    readonly NodeTracerProvider: new (config: {
      readonly resource: Resource
      readonly idGenerator: IdGenerator
      readonly spanProcessors: readonly unknown[]
    }) => TracerProvider
  }
  readonly exporter: { readonly OTLPTraceExporter: new () => Exporter }
  readonly resources: {
    readonly defaultResource: () => Resource
    readonly resourceFromAttributes: (attributes: Attributes) => Resource
    readonly detectResources: (config: { readonly detectors: readonly unknown[] }) => Resource
    readonly envDetector: unknown
  }
}

/** Loads a package by its name. */
export type Load = (name: string) => Promise<unknown>

/** With the name in a variable, a bundler leaves the package where it is. */
export const loadInstalled: Load = (name) => import(name)

const packageNames = {
  api: '@opentelemetry/api',
  sdk: '@opentelemetry/sdk-trace-node',
  exporter: '@opentelemetry/exporter-trace-otlp-http',
  resources: '@opentelemetry/resources',
} as const satisfies Readonly<Record<keyof OtelPackages, string>>

/** The newest that run on Node 20; the next major versions need Node 22. `resources` comes with the second. */
export const installCommand =
  'npm install @opentelemetry/api@1.9 @opentelemetry/sdk-trace-node@2 @opentelemetry/resources@2 @opentelemetry/exporter-trace-otlp-http@0.223'

/** Loads the packages. Throws an Error that says which one is missing, or what is wrong with it. */
export async function loadPackages(load: Load): Promise<OtelPackages> {
  const loaded = await Promise.all(
    Object.entries(packageNames).map(async ([part, name]) => {
      const content = await load(name).catch((error: unknown) => {
        throw new Error(`${name} cannot be loaded (${messageOf(error)})`)
      })
      return [part, content]
    }),
  )
  return Object.fromEntries(loaded) as OtelPackages
}
