import { inSentence } from '../../../../operations/sentences.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { oneLine } from '../../../../shared/safe-text.ts'
import { deviationsNote } from '../../../replies/deviations.ts'
import type { CampaignReading } from './campaign-reading.ts'
import type { RunningFindings } from './read-running.ts'

const maxNamed = 5

const sumOf = (readings: readonly CampaignReading[], read: (reading: CampaignReading) => number): number =>
  readings.reduce((sum, reading) => sum + read(reading), 0)

/** The first of some names or ids, and how many others there are. */
function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, maxNamed).join(', ')
  const rest = names.length - maxNamed
  return rest > 0 ? `${shown} and ${formatNumber(rest)} more` : shown
}

function problemNote(
  readings: readonly CampaignReading[],
  kind: 'unread' | 'cut',
  beginning: string,
): string[] {
  const those = readings.filter(({ problem }) => problem?.kind === kind)
  const [first] = those
  if (!first) return []
  const ids = firstOf(those.map(({ campaign }) => inSentence(campaign.id)))
  return [`${beginning} ${ids}: ${oneLine(first.problem?.reason ?? '', 300)}`]
}

/** True if the questionnaires of all running campaigns are counted. */
export const areAllCounted = ({ readings, hasAllCampaigns }: RunningFindings): boolean =>
  hasAllCampaigns && readings.every(({ problem }) => !problem)

/** True if it is known of all questionnaires that are counted whether they are overdue. */
export const areAllDated = ({ readings }: RunningFindings): boolean =>
  readings.every(({ undated }) => undated === 0)

/** True if there are questionnaires of each campaign, and it is known of all whether they are open. */
const areAllStatesKnown = ({ readings }: RunningFindings): boolean =>
  readings.every(({ unknown, questionnaires }) => unknown === 0 && questionnaires > 0)

/** True if it is known who is late in several campaigns. */
export const areAllPeopleKnown = (findings: RunningFindings): boolean =>
  areAllCounted(findings) &&
  areAllDated(findings) &&
  areAllStatesKnown(findings) &&
  findings.perhaps.length === 0 &&
  findings.notes.length === 0 &&
  findings.readings.every(({ untitled, isFull }) => untitled === 0 && !isFull)

/** Notes on what was not read, and on what is not known. */
export function runningNotes(findings: RunningFindings): string[] {
  const { readings, late, perhaps, byName, notes, stateNotes, deviations, otherRows } = findings
  const empty = readings.filter(({ questionnaires, problem }) => questionnaires === 0 && !problem)
  const undated = sumOf(readings, (reading) => reading.undated)
  const untitled = sumOf(readings, (reading) => reading.untitled)
  const shownByName = late.items.filter(({ isByName }) => isByName).length
  return texts(
    problemNote(readings, 'unread', '"?": not read, nor counted in any sum: campaigns'),
    problemNote(readings, 'cut', '"+": at least, since the list of questionnaires ends early, of campaigns'),
    otherRows > 0 && `Qualys also sent ${formatNumber(otherRows)} of other campaigns, which are not counted.`,
    deviationsNote(deviations),
    !late.isAlone && stateNotes,
    empty.length > 0 &&
      `Qualys shows no questionnaire of campaigns ${firstOf(empty.map(({ campaign }) => inSentence(campaign.id)))}: perhaps this account may not see them.`,
    undated > 0 &&
      `Whether ${counted(undated, 'open questionnaire')} without a due date are late is unknown: neither the record nor that of the campaign shows it.`,
    byName > 0 &&
      `Qualys does not show the recipients of ${counted(byName, 'campaign')}: who they are is from the titles, looked up by name among all users.`,
    shownByName > 0 &&
      `${formatNumber(shownByName)} of those listed are known by name alone in some campaign: namesakes count as one there.`,
    untitled > 0 &&
      `${formatNumber(untitled)} of the overdue have titles that do not name their recipient: they count for nobody.`,
    perhaps.length > 0 &&
      `Perhaps late in several as well, since namesakes cannot be told apart: ${firstOf(perhaps.map((name) => inSentence(name)))}.`,
    readings.some(({ isFull }) => isFull) && 'Too many people are late: not all of them are compared.',
    notes,
  )
}
