import type { Names } from '../../assumptions/assumption.ts'
import { noticeKinds } from './rows.ts'

export type SaqKind = 'templates' | 'librarytemplates' | 'campaigns' | 'questionnaires' | 'users'

const paths = (text: string): readonly string[] => text.split(/\s+/)
const pathsBelow = (parent: string, names: string): readonly string[] =>
  paths(names).map((name) => `${parent}.${name}`)

const question =
  'label text type mode criticality requireAttachment requireComment requireAsset yesScoringLabel noScoringLabel options.Option.text options.Option.scoringLabel'
const person = 'id uuid firstName lastName company emailAddress userName title'

/** Every element with text, in every record. */
export const saqFields: Readonly<Record<SaqKind, Names<readonly string[]>>> = {
  // reference_template.htm names all of them; no sample shows category, state and what is below elements.
  templates: {
    documented: paths('id uuid name description category familyId revision isLibrary questionCnt state'),
    assumed: {
      reason:
        'The reference names most of the elements; how they nest is cut off in every sample. Options are ours.',
      names: [
        ...pathsBelow('elements.sections.Section', 'name description'),
        ...pathsBelow('elements.sections.Section.questions.Question', question),
        ...pathsBelow('elements.scorings.Scoring', 'label value'),
      ],
    },
  },
  // search_library_templates.htm; its sample is cut off after uuid. All other names are search fields.
  librarytemplates: {
    documented: paths('id uuid'),
    assumed: {
      reason:
        'The sample is cut off behind uuid; the names are those it can be searched by. Without its elements.',
      names: paths('name description category familyId revision isLibrary questionCnt state'),
    },
  },
  // get_campaign_details.htm and launch_campaign.htm; their samples are cut off after campaignNotification.
  campaigns: {
    documented: [
      ...paths('id name workflowType status created updated launchDate'),
      ...pathsBelow('template', 'id name questionCnt'),
      ...pathsBelow(
        'user',
        'id uuid firstName lastName emailAddress userName title tags.Tag.id tags.Tag.name',
      ),
      ...pathsBelow('reviewer', person),
      ...pathsBelow('approver', person),
      ...noticeKinds.flatMap((notice) =>
        pathsBelow(`campaignNotification.${notice}`, 'enabled interval noOfDays'),
      ),
    ],
    assumed: {
      reason:
        'The samples are cut off before; the knobs campaignDueDate and campaignRecipients leave them out or show less.',
      names: ['dueDate', ...pathsBelow('recipients.User', 'id firstName lastName company emailAddress')],
    },
  },
  // search_questionnaires.htm; its sample is cut off within dueDate. campaign.id, state and risk are search
  // fields.
  questionnaires: {
    documented: paths('id title dueDate campaign.id state risk'),
    assumed: {
      reason:
        'The sample is cut off within dueDate; the knobs questionnaireCampaign and questionnaireDueDate leave out what follows. Nothing public says that a questionnaire holds its user or answers.',
      names: paths('campaign.name created updated'),
    },
  },
  // search_users.htm
  users: { documented: [...paths(person), ...pathsBelow('tags.Tag', 'id name')] },
}
