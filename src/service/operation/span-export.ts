import type { Clock } from '../../shared/clock.ts'
import { messageOf } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Exporter, ExportResult, OtelPackages, TracerProvider } from './otel-packages.ts'

// Where spans go: OpenTelemetry's provider and exporter.

/** How long the last spans may take. */
const maxCloseMs = 2_000

/** An exporter that logs when the collector stops to take spans, and when it takes them again. */
function openExporter({ exporter }: OtelPackages, log: Log): Exporter {
  const inner = new exporter.OTLPTraceExporter()
  let isFailing = false
  const note = ({ code, error }: ExportResult): void => {
    if ((code !== 0) === isFailing) return
    isFailing = code !== 0
    if (isFailing) log.warn({ error: oneLine(error?.message ?? 'no reason given') }, 'spans cannot be sent')
    else log.info({}, 'spans are sent again')
  }
  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        note(result)
        done(result)
      }),
    shutdown: () => inner.shutdown(),
    forceFlush: () => inner.forceFlush?.() ?? Promise.resolve(),
  }
}

/** The ids that the next span gets: those of its trace, so that log lines and spans name the same ones. */
export interface NextIds {
  traceId: string
  spanId: string
}

/** Opens the provider of spans. `next` is read when a span starts. */
export function openProvider(
  packages: OtelPackages,
  version: string,
  next: NextIds,
  log: Log,
): TracerProvider {
  const { sdk, resources } = packages
  const own = resources.resourceFromAttributes({ 'service.name': 'qualys-mcp', 'service.version': version })
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. The packages read these and their other settings by themselves.
  const environment = resources.detectResources({ detectors: [resources.envDetector] })
  return new sdk.NodeTracerProvider({
    resource: resources.defaultResource().merge(own).merge(environment),
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
    spanProcessors: [new sdk.BatchSpanProcessor(openExporter(packages, log))],
  })
}

/** Shuts down, for a limited time: a collector that does not answer must not hold up the end. */
export async function shutDown(
  provider: TracerProvider,
  log: Log,
  { after }: Pick<Clock, 'after'>,
): Promise<void> {
  let cancel = (): void => undefined
  const timeout = new Promise<void>((resolve) => {
    cancel = after(maxCloseMs, resolve)
  })
  const shutdown = provider.shutdown().catch((error: unknown) => {
    log.warn({ error: oneLine(messageOf(error)) }, 'the last spans could not be sent')
  })
  await Promise.race([shutdown, timeout])
  cancel()
}
