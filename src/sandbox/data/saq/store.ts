import { lazy } from '../lazy.ts'
import { Random } from '../random.ts'
import type { CampaignPlan } from './campaign-plans.ts'
import { makeCampaigns, makeMoreCampaigns } from './campaigns.ts'
import { makeQuestionnaires } from './questionnaires.ts'
import type { Campaign, Questionnaire, Template, User, UserTag } from './rows.ts'
import { makeLibraryTemplates, makeTemplates } from './templates.ts'
import { makeUsers, userTags } from './users.ts'

export interface SaqLists {
  readonly users: User[]
  readonly tags: UserTag[]
  readonly libraryTemplates: Template[]
  readonly templates: Template[]
  readonly campaigns: Campaign[]
  readonly questionnaires: Questionnaire[]
}

/** The data of the questionnaire module. Every list is sorted by id. */
export interface SaqStore extends SaqLists {
  /** True if anything may have changed since the lists were made. */
  isChanged: boolean
  /** To be called before a change. Makes all lists, so that none is derived from changed rows. */
  prepareChange(): void
}

/** Makes each list at its first use, from its own random stream, so that a sandbox starts fast. */
export function makeSaqStore(seed: number, more: readonly CampaignPlan[] = []): SaqStore {
  const stream = (name: string) => new Random(seed, `saq ${name}`)
  const lists: SaqLists = lazy({
    users: () => withLastId(makeUsers(stream('users'))),
    tags: () => withLastId([...userTags]),
    libraryTemplates: () => makeLibraryTemplates(stream('librarytemplates')),
    templates: () => withLastId(makeTemplates(stream('templates'))),
    campaigns: () =>
      withLastId([
        ...makeCampaigns(stream('campaigns'), lists.users, lists.templates),
        ...makeMoreCampaigns(stream('more campaigns'), lists.users, lists.templates, more),
      ]),
    questionnaires: () => {
      const usual = lists.campaigns.slice(0, lists.campaigns.length - more.length)
      const rows = makeQuestionnaires(stream('questionnaires'), usual)
      const behind = lists.campaigns.slice(usual.length)
      return withLastId([
        ...rows,
        ...makeQuestionnaires(stream('more questionnaires'), behind, rows.at(-1)?.id),
      ])
    },
  })
  const store: SaqStore = Object.assign(lists, {
    isChanged: false,
    prepareChange: () => {
      store.isChanged = true
      Object.values(lists)
    },
  })
  return store
}

const lastIds = new WeakMap<object, number>()

function withLastId<Row extends { id: number }>(rows: Row[]): Row[] {
  lastIds.set(rows, rows.at(-1)?.id ?? 0)
  return rows
}

/** An id above all earlier ids, so that lists stay sorted by id and no id is reused. */
export function nextId(rows: readonly { id: number }[]): number {
  const id = (lastIds.get(rows) ?? 0) + 1
  lastIds.set(rows, id)
  return id
}
