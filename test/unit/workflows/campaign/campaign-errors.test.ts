import { beforeEach, describe, expect, test } from 'vitest'
import {
  CampaignCaller,
  getCampaign,
  questionnaire,
  reply,
  searchQuestionnaires,
  serviceResponse,
} from '../../../support/workflows/campaigns.ts'
import type { CannedAnswer } from '../../../support/workflows/memory.ts'

// Failed or invalid answers of Qualys, and invalid arguments, are errors.

let campaigns: CampaignCaller
beforeEach(() => {
  campaigns = new CampaignCaller()
})

describe('is an error, and no zeros:', () => {
  const refusal = (code: string): string =>
    `<ServiceResponse><responseCode>${code}</responseCode><responseErrorDetails><errorMessage>No.</errorMessage></responseErrorDetails></ServiceResponse>`

  test('a campaign that does not exist', async () => {
    campaigns.upstream.serve(reply(getCampaign, refusal('OBJECT_NOT_FOUND')))
    const { text, isError, error } = await campaigns.ask({ campaignId: 999 })
    expect(isError).toBe(true)
    expect(text).toMatch(/^Qualys knows no such id \(OBJECT_NOT_FOUND: "No\."\)/)
    expect(error).toMatchObject({ kind: 'input' })
  })

  const answers: Readonly<Record<string, Omit<CannedAnswer, 'route'>>> = {
    'a status 403': { status: 403, body: '' },
    'a status 500': { status: 500, body: '' },
    'a page of a proxy': { body: '<html><body>Sign in</body></html>', contentType: 'text/html' },
    'an answer cut short': { body: serviceResponse('Questionnaire', [questionnaire()]).slice(0, 90) },
    'no permission': { body: refusal('UNAUTHORIZED') },
    'an unknown code': { body: refusal('SOMETHING_NEW') },
    'an invalid request': { body: refusal('INVALID_REQUEST') },
    'an empty envelope': { body: '<ServiceResponse/>' },
    nothing: { body: '' },
    JSON: { body: { list: [] } },
  }
  const places = [getCampaign, searchQuestionnaires]

  test.each(places.flatMap((route) => Object.keys(answers).map((what) => [route, what] as const)))(
    '%s: %s',
    async (route, what) => {
      campaigns.setData({
        users: [],
        extraAnswers: [{ contentType: 'application/xml', ...answers[what], route }],
      })
      const { text, isError } = await campaigns.ask()
      expect(isError, text).toBe(true)
      expect(text).not.toMatch(/\d questionnaire/)
    },
  )

  test('a second page that fails', async () => {
    const first = serviceResponse('Questionnaire', [questionnaire()], true)
    campaigns.setData({
      extraAnswers: [
        { ...reply(searchQuestionnaires, first), times: 1 },
        { route: searchQuestionnaires, status: 500 },
      ],
    })
    expect((await campaigns.ask()).isError).toBe(true)
  })

  test('a list that loops', async () => {
    campaigns.setData({
      extraAnswers: [reply(searchQuestionnaires, serviceResponse('Questionnaire', [questionnaire()], true))],
    })
    const { text, isError } = await campaigns.ask()
    expect(isError).toBe(true)
    expect(text).toContain('QUALYS_SAQ_PAGING')
  })
})

describe('arguments', () => {
  test.each<[object, string]>([
    [{ campaignId: ['1'] }, 'campaignId: must be an id from saq_search_campaigns'],
    [{ campaignId: 1, continuationToken: 7 }, 'The continuationToken does not fit this call'],
    [{ campaignId: 'Audit' }, 'campaignId: must be an id from saq_search_campaigns: digits alone'],
    [{ campaignId: '../1' }, 'digits alone'],
    [{ campaignId: 1, campaign: 1 }, 'there is no argument "campaign"'],
    ...[-1, 201, 1.5, 'all'].map((late): [object, string] => [
      { campaignId: 1, late },
      'late: must be a whole number from 0 to 200',
    ]),
  ])('%j: %s', async (args, sentence) => {
    const { text, isError } = await campaigns.ask(args)
    expect(isError).toBe(true)
    expect(text).toContain(sentence)
    expect(campaigns.upstream.sent).toEqual([])
  })

  test.each([0, 200])('late %i is accepted', async (late) => {
    campaigns.setData({ users: [] })
    expect((await campaigns.ask({ campaignId: 1, late })).isError).toBe(false)
  })
})
