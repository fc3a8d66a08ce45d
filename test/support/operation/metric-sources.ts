import { type MetricSources, type Metrics, openMetrics } from '../../../src/service/operation/metrics.ts'
import { parseScrape, type Scrape } from './samples.ts'

const quietSources: MetricSources = {
  version: '1.2.3',
  tools: ['car_search_jobs', 'qualys_status'],
  waiting: () => 0,
  rollouts: () => ({}),
  connections: () => 0,
  callsInFlight: () => 0,
  limits: async () => ({}),
  ofProcess: false,
}

/** Metrics of a service in which nothing happens. */
export const openTestMetrics = (sources: Partial<MetricSources> = {}): Promise<Metrics> =>
  openMetrics({ ...quietSources, ...sources })

/** What Prometheus reads now. */
export const scrape = async (metrics: Pick<Metrics, 'text'>): Promise<Scrape> =>
  parseScrape((await metrics.text()).body)
