import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { ToolContext } from '../../tool.ts'
import type { SentEffect } from './sent-effect.ts'

/**
 * Keeps to how many hosts a run was sent, so that following it ends with the last result. Only ids of hosts are an
 * exact number: the hosts of a tag may change after they are counted.
 */
export function rememberRun(
  { targets }: SentEffect,
  { correlationUuid }: Row,
  { sentRuns }: ToolContext,
  clock: Clock,
): void {
  if (targets.product !== 'car' || typeof correlationUuid !== 'string') return
  const { assets = [], tags = [], excludedAssets = [] } = targets.named
  const hosts = assets.filter((id) => !excludedAssets.includes(id))
  if (tags.length === 0 && hosts.length > 0) sentRuns.record(correlationUuid, hosts.length, clock.now())
}
