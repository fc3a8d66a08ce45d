import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { TooLargeError } from '../../../../src/shared/errors.ts'
import { campaignStatusTool } from '../../../../src/tools/workflows/campaign/status.ts'
import { ofKind, today } from '../../../support/workflows/campaigns.ts'
import { callerOn, type ToolCaller } from '../../../support/workflows/memory.ts'
import {
  type AnswerOptions,
  answersFor,
  expectedCounts,
  type Page,
} from '../../../support/workflows/questionnaires.ts'

// Campaigns of many questionnaires: every one is counted once. 100,000 of them: test/nightly/workflows.

const tool = campaignStatusTool(() => today)

function callerFor(count: number, manners: AnswerOptions = {}, environment: Environment = {}): ToolCaller {
  return callerOn(answersFor(count, manners), environment)
}

describe.each(['offset', 'id'])('5,500 questionnaires by %s', (by) => {
  test('are each counted once, a thousand a page', async () => {
    const pages: Page[] = []
    const caller = callerFor(5_500, { onPage: (page) => pages.push(page) }, { QUALYS_SAQ_PAGING: by })
    const { structured } = await caller.call(tool, { campaignId: 1, late: 200 }, 'json')
    const { byState, open, overdue } = expectedCounts(5_500)
    expect(Object.fromEntries(ofKind(structured, 'state').map(({ word, count }) => [word, count]))).toEqual(
      byState,
    )
    const [all, some] = [open, overdue].map((count) => count.toLocaleString('en'))
    expect(structured.summary).toContain(`; 5,500 questionnaires: ${all} open, ${some} of them overdue`)
    const late = ofKind(structured, 'late')
    expect(new Set(late.map(({ questionnaire: id }) => id)).size).toBe(late.length)
    expect(late[0]).toMatchObject({ daysOverdue: 79, waitsFor: 'reviewer' })
    expect(pages.map(({ size }) => size)).toEqual(Array(6).fill(1_000))
    expect(pages.filter(({ afterId }) => afterId !== undefined)).toHaveLength(by === 'id' ? 5 : 0)
    // The people are read first: the list of campaigns, then that of users.
    expect(caller.progress.slice(0, -6).map(([done]) => Math.floor(done))).toEqual([1, 1])
    const progress = caller.progress.slice(-6)
    expect(progress.map(([done]) => done)).toEqual([1_000, 2_000, 3_000, 4_000, 5_000, 5_500])
    expect(progress.map(([, total]) => total)).toEqual([...Array(5).fill(undefined), 5_500])
  })
})

describe('pages', () => {
  test.each([0, 1, 999, 1_000, 1_001])('%i rows, where no answer says that there are more', async (count) => {
    const { text } = await callerFor(count, { saysMore: false }).call(tool, { campaignId: 1, late: 0 })
    expect(text).toContain(`; ${count.toLocaleString('en')} questionnaire${count === 1 ? '' : 's'}: `)
  })

  test('too large to be read are requested again in halves, and no row is lost', async () => {
    const sizes: number[] = []
    const onPage = ({ size }: Page): void => {
      sizes.push(size)
      if (size > 300)
        throw new TooLargeError('The answer is larger than 8 MiB of XML.', 'Ask for fewer rows.')
    }
    const { structured } = await callerFor(700, { onPage }).call(tool, { campaignId: 1, late: 0 }, 'json')
    expect(sizes).toEqual([1_000, 500, 250, 250, 250])
    expect(Object.fromEntries(ofKind(structured, 'state').map(({ word, count }) => [word, count]))).toEqual(
      expectedCounts(700).byState,
    )
  })
})
