import type { CarEffectTargets } from '../../../operations/effects/effect-targets.ts'
import { labelled, type PreviewField } from './preview.ts'

/** The host of a repository, on a line of its own: whoever approves decides who gets a token, or whose script it is. */
export function repositoryLines({ repository }: CarEffectTargets, sendsToken: boolean): PreviewField[] {
  return repository
    ? [labelled(sendsToken ? 'the token goes to' : 'the script comes from', repository.host)]
    : []
}
