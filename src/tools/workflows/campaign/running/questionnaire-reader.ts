import { campaignOf } from '../../../../operations/saq/columns/questionnaire-columns.ts'
import { searchQuestionnaires } from '../../../../operations/saq/questionnaires.ts'
import type { Deviations, Row } from '../../../../session/answer.ts'
import { QualysError } from '../../../../shared/errors.ts'
import { redactJson } from '../../../../shared/secrets.ts'
import type { ToolContext } from '../../../tool.ts'
import { CampaignReading, type ReadingContext } from './campaign-reading.ts'
import type { RunningCampaign } from './campaigns.ts'

const maxTogether = 100
const maxFailures = 2
const fields = ['id', 'title', 'state', 'dueDate', 'campaign']

/** Reads the questionnaires of several campaigns: together, and one by one what that does not tell. */
export class QuestionnaireReader {
  readonly #tool: ToolContext
  readonly #reading: ReadingContext
  readonly #readings = new Map<string, CampaignReading>()
  /** True if rows do not show their campaigns. */
  #isOneByOne = false
  #scanned = 0
  /** Failures of single campaigns, one after the other. */
  #failures = 0
  #error: QualysError | undefined
  /** Rows of campaigns that were not asked for. */
  otherRows = 0
  deviations: Deviations = { drift: [] }

  constructor(tool: ToolContext, reading: ReadingContext) {
    this.#tool = tool
    this.#reading = reading
  }

  /** The counts of each campaign, in their order. Throws the error of Qualys if none can be read. */
  async read(campaigns: readonly RunningCampaign[]): Promise<readonly CampaignReading[]> {
    for (let at = 0; at < campaigns.length; at += maxTogether) {
      const chunk = campaigns.slice(at, at + maxTogether)
      const left = this.#isOneByOne || chunk.length === 1 ? chunk : await this.#readTogether(chunk)
      for (const campaign of left) await this.#readAlone(campaign)
    }
    const readings = [...this.#readings.values()]
    if (this.#error && readings.every(({ problem }) => problem?.kind === 'unread')) throw this.#error
    for (const reading of readings) reading.settle()
    return readings
  }

  #open(campaign: RunningCampaign): CampaignReading {
    this.#readings.get(campaign.id)?.discard()
    const reading = new CampaignReading(campaign, this.#reading)
    this.#readings.set(campaign.id, reading)
    return reading
  }

  /** Reads several campaigns, and returns those that must be read alone. */
  async #readTogether(chunk: readonly RunningCampaign[]): Promise<readonly RunningCampaign[]> {
    const readings = new Map(chunk.map((campaign) => [campaign.id, this.#open(campaign)]))
    const otherRows = this.otherRows
    const addRow = (row: Row): boolean => {
      const { id } = campaignOf(row)
      if (id === '') return false
      const reading = readings.get(id)
      if (reading) reading.add(row)
      else this.otherRows++
      return true
    }
    const limit = await this.#attempt([...readings.keys()], addRow)
    if (limit === undefined) return chunk.filter(({ id }) => readings.get(id)?.questionnaires === 0)
    this.otherRows = otherRows
    this.#isOneByOne ||= limit === 'no campaign'
    return chunk
  }

  async #readAlone(campaign: RunningCampaign): Promise<void> {
    const reading = this.#open(campaign)
    if (this.#failures >= maxFailures) {
      reading.problem = { kind: 'unread', reason: 'others before it could not be read' }
      return
    }
    const limit = await this.#attempt([campaign.id], (row) => {
      const { id } = campaignOf(row)
      if (id === '' || id === campaign.id) reading.add(row)
      else this.otherRows++
      return true
    })
    this.#failures = limit instanceof QualysError ? this.#failures + 1 : 0
    if (limit instanceof QualysError) reading.problem = { kind: 'unread', reason: limit.message }
    else if (limit !== undefined) reading.problem = { kind: 'cut', reason: limit }
  }

  /** Walks the questionnaires of campaigns; returns why that is not all of them, undefined if it is. */
  async #attempt(
    campaignId: readonly string[],
    addRow: (row: Row) => boolean,
  ): Promise<string | QualysError | undefined> {
    const { session, signal, progress } = this.#tool
    const options = { signal, prefetch: true, fields } as const
    try {
      for await (const batch of session.walk(searchQuestionnaires, { campaignId }, options)) {
        this.#reading.states.addBatch(batch, session.redact)
        for (const row of batch.rows) if (!addRow(redactJson(row, session.redact))) return 'no campaign'
        const { drift, leftOut, resultLimit } = batch
        this.deviations = { drift, leftOut }
        this.#scanned += batch.rows.length
        progress.report(this.#scanned, undefined, 'questionnaires')
        if (resultLimit !== undefined) return resultLimit
      }
      return undefined
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof QualysError)) throw error
      this.#error ??= error
      return error
    }
  }
}
