import { Random } from '../random.ts'
import { makeCampaigns } from './campaigns.ts'
import { makeQuestionnaires } from './questionnaires.ts'
import type { Campaign, Questionnaire, Template, User, UserTag } from './rows.ts'
import { makeLibraryTemplates, makeTemplates } from './templates.ts'
import { makeUsers, userTags } from './users.ts'

interface Lists {
  readonly users: User[]
  readonly tags: UserTag[]
  readonly libraryTemplates: Template[]
  readonly templates: Template[]
  readonly campaigns: Campaign[]
  readonly questionnaires: Questionnaire[]
}

/** The data of the questionnaire module. Every list is sorted by id. */
export interface SaqStore extends Lists {
  /** True if anything may have changed since the lists were made. */
  isChanged: boolean
}

/** Makes the lists at the first use of one of them, so that a sandbox starts fast. */
export function makeSaqStore(seed: number): SaqStore {
  let lists: Lists | undefined
  const getLists = (): Lists => {
    lists ??= makeLists(seed)
    return lists
  }
  return {
    isChanged: false,
    get users() {
      return getLists().users
    },
    get tags() {
      return getLists().tags
    },
    get libraryTemplates() {
      return getLists().libraryTemplates
    },
    get templates() {
      return getLists().templates
    },
    get campaigns() {
      return getLists().campaigns
    },
    get questionnaires() {
      return getLists().questionnaires
    },
  }
}

/** Each list uses its own random stream. */
function makeLists(seed: number): Lists {
  const stream = (name: string) => new Random(seed, `saq ${name}`)
  const users = makeUsers(stream('users'))
  const libraryTemplates = makeLibraryTemplates(stream('librarytemplates'))
  const templates = makeTemplates(stream('templates'))
  const campaigns = makeCampaigns(stream('campaigns'), users, templates)
  const questionnaires = makeQuestionnaires(stream('questionnaires'), campaigns)
  const tags = [...userTags]
  for (const rows of [users, tags, templates, campaigns, questionnaires]) {
    lastIds.set(rows, rows.at(-1)?.id ?? 0)
  }
  return { users, tags, libraryTemplates, templates, campaigns, questionnaires }
}

const lastIds = new WeakMap<object, number>()

/** An id above all earlier ids, so that lists stay sorted by id and no id is reused. */
export function nextId(rows: readonly { id: number }[]): number {
  const id = (lastIds.get(rows) ?? 0) + 1
  lastIds.set(rows, id)
  return id
}
