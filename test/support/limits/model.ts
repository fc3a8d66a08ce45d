import type { WireEffect, WireRun, WireSchedule } from './wire.ts'

// A small model of the limits (design 7), written from their description and not from the program. It reads what is on
// the wire and names everything that goes beyond a limit.

/** The limits of one server; those that are absent are not set. */
export interface Limits {
  readonly maxHosts: number
  readonly maxBulk: number
  readonly hostsPerDay?: number
  readonly runsPerHour?: number
  readonly mailsPerDay?: number
  readonly maxScheduledRuns: number
  readonly allowedScripts?: readonly string[]
  readonly blockedScripts?: readonly string[]
  readonly allowedAssets?: readonly string[]
  readonly blockedAssets?: readonly string[]
  readonly allowedTags?: readonly string[]
  readonly blockedTags?: readonly string[]
  readonly forbidden: readonly string[]
}

/** What Qualys holds before the calls. */
export interface World {
  /** The tags of each host, by id. */
  readonly tagsOfHost: ReadonlyMap<string, readonly string[]>
  readonly schedules: readonly WireSchedule[]
  /** The ids that Qualys gave to new schedules, by title. */
  readonly scheduleIds: ReadonlyMap<string, string>
  /** The number of recipients, and whether it is active, by campaign. */
  readonly campaigns: ReadonlyMap<string, { readonly recipients: number; readonly isActive: boolean }>
}

const hourMs = 3_600_000
const steps: Readonly<Record<string, number>> = {
  HOURLY: hourMs,
  DAILY: 24 * hourMs,
  WEEKLY: 7 * 24 * hourMs,
}

/** The time between two runs of a schedule; undefined if it runs once. A month is at least 28 days. */
const stepOf = ({ frequency, interval }: WireSchedule): number | undefined =>
  frequency === undefined ? undefined : (steps[frequency] ?? 28 * 24 * hourMs) * interval

/** How often a schedule runs from its start to its end, at least. */
function runsOf(schedule: WireSchedule): number {
  const step = stepOf(schedule)
  if (step === undefined || schedule.end === undefined) return 1
  return Math.floor((schedule.end - schedule.start) / step) + 1
}

/** The most runs within a time. */
function fullest(schedule: WireSchedule, within: number): number {
  const step = stepOf(schedule)
  return step === undefined ? 1 : Math.min(runsOf(schedule), Math.ceil(within / step))
}

/** Reads effects in their order and collects what breaks a limit. */
export class LimitModel {
  readonly broken: string[] = []
  readonly #limits: Limits
  readonly #world: World
  readonly #schedules: Map<string, WireSchedule>
  readonly #campaigns: Map<string, { readonly recipients: number; readonly isActive: boolean }>
  /** Schedules that these calls made or switched on. */
  readonly #own = new Set<string>()
  #hosts = 0
  #runs = 0
  #mails = 0

  constructor(limits: Limits, world: World) {
    this.#limits = limits
    this.#world = world
    this.#schedules = new Map(world.schedules.map((schedule) => [schedule.id ?? '', schedule]))
    this.#campaigns = new Map(world.campaigns)
  }

  /** `happened`: false if Qualys refused it, so that no budget is spent. */
  add(effect: WireEffect, happened: boolean): void {
    switch (effect.kind) {
      case 'run':
        this.#addRun(effect, happened)
        break
      case 'schedule':
        this.#addSchedule(effect)
        break
      case 'switch':
        this.#addSwitch(effect)
        break
      case 'guard':
        this.#check('QUALYS_MAX_BULK', effect.objects, this.#limits.maxBulk)
        if (effect.falls) this.#refuse('unblock')
        break
      case 'script':
        this.#addScript(effect)
        break
      case 'launch':
        this.#addLaunch(effect.campaign)
        break
      case 'recipients':
        this.#check('QUALYS_MAX_BULK', effect.people, this.#limits.maxBulk)
        this.#addRecipients(effect.campaign, effect.people)
        break
      case 'people':
        this.#check('QUALYS_MAX_BULK', effect.objects, this.#limits.maxBulk)
        if (effect.isDeletion) this.#refuse('delete')
        break
    }
    this.#check('QUALYS_MAX_HOSTS_PER_DAY', this.#hosts + this.#charge(24 * hourMs), this.#limits.hostsPerDay)
    this.#check('QUALYS_MAX_RUNS_PER_HOUR', this.#runs + this.#runCharge(), this.#limits.runsPerHour)
    this.#check('QUALYS_MAX_MAILS_PER_DAY', this.#mails, this.#limits.mailsPerDay)
  }

  /** The hosts on which code runs. */
  hostsOf({ hosts, tags, excluded }: Pick<WireRun, 'hosts' | 'tags' | 'excluded'>): string[] {
    const reached = new Set(hosts)
    for (const [host, own] of this.#world.tagsOfHost)
      if (own.some((tag) => tags.includes(tag))) reached.add(host)
    for (const host of excluded) reached.delete(host)
    return [...reached]
  }

  #check(limit: string, number: number, most: number | undefined): void {
    if (most !== undefined && number > most) this.broken.push(`${limit} is ${most}, and it is ${number}`)
  }

  #refuse(act: string): void {
    if (this.#limits.forbidden.includes(act)) this.broken.push(`QUALYS_FORBID has ${act}`)
  }

  #addRun(run: WireRun, happened: boolean): void {
    this.#checkScripts([run.script])
    this.#checkHosts(run)
    this.#checkOptions(run)
    this.#refuse('run')
    if (!happened) return
    this.#hosts += this.hostsOf(run).length
    this.#runs += 1
  }

  #addSchedule(sent: WireSchedule): void {
    const id = sent.id ?? this.#world.scheduleIds.get(sent.title)
    // Without an id Qualys has refused it.
    if (id === undefined) return
    const stored = this.#schedules.get(id)
    const schedule = {
      ...sent,
      hosts: sent.hosts.length > 0 ? sent.hosts : (stored?.hosts ?? []),
      tags: sent.tags.length > 0 ? sent.tags : (stored?.tags ?? []),
    }
    this.#schedules.set(id, schedule)
    this.#own.add(id)
    this.#checkSchedule(schedule)
  }

  #addSwitch({ id, to }: Extract<WireEffect, { kind: 'switch' }>): void {
    const schedule = this.#schedules.get(id)
    if (to === 'gone') this.#refuse('delete')
    if (!schedule) return
    if (to === 'gone') {
      this.#schedules.delete(id)
      return
    }
    this.#schedules.set(id, { ...schedule, isActive: to === 'on' })
    if (to === 'off') return
    this.#own.add(id)
    this.#checkSchedule(schedule)
  }

  #checkSchedule(schedule: WireSchedule): void {
    this.#checkScripts(schedule.scripts)
    this.#checkHosts(schedule)
    this.#checkOptions(schedule)
    this.#refuse('run')
    this.#refuse('schedule')
    this.#check('QUALYS_MAX_SCHEDULED_RUNS', runsOf(schedule), this.#limits.maxScheduledRuns)
  }

  #addScript({ script, runsAnew, approves }: Extract<WireEffect, { kind: 'script' }>): void {
    if (approves) this.#refuse('approve')
    if (this.#limits.allowedScripts?.includes(script)) this.broken.push(`script ${script} is changed`)
    if (!runsAnew) return
    for (const schedule of this.#schedules.values())
      if (schedule.isActive && schedule.scripts.includes(script)) {
        this.#checkScripts([script])
        this.#checkHosts(schedule)
      }
  }

  #addLaunch(campaign: string): void {
    const { recipients = 0 } = this.#campaigns.get(campaign) ?? {}
    this.#campaigns.set(campaign, { recipients, isActive: true })
    this.#addMails(recipients)
  }

  #addRecipients(campaign: string, people: number): void {
    const { recipients = 0, isActive = true } = this.#campaigns.get(campaign) ?? {}
    this.#campaigns.set(campaign, { recipients: recipients + people, isActive })
    if (isActive) this.#addMails(people)
  }

  #addMails(people: number): void {
    this.#refuse('mail')
    this.#mails += people
  }

  #checkScripts(scripts: readonly string[]): void {
    const { allowedScripts, blockedScripts = [] } = this.#limits
    for (const script of scripts) {
      if (allowedScripts && !allowedScripts.includes(script))
        this.broken.push(`script ${script} is not allowed`)
      if (blockedScripts.includes(script)) this.broken.push(`script ${script} is blocked`)
    }
  }

  #checkHosts(targets: Pick<WireRun, 'hosts' | 'tags' | 'excluded'>): void {
    const { maxHosts, allowedAssets, blockedAssets = [], allowedTags, blockedTags = [] } = this.#limits
    const hosts = this.hostsOf(targets)
    this.#check('QUALYS_MAX_ASSETS_PER_RUN', hosts.length, maxHosts)
    for (const host of hosts) {
      const tags = this.#world.tagsOfHost.get(host) ?? []
      if (allowedAssets && !allowedAssets.includes(host)) this.broken.push(`host ${host} is not allowed`)
      if (blockedAssets.includes(host)) this.broken.push(`host ${host} is blocked`)
      if (allowedTags && !tags.some((tag) => allowedTags.includes(tag)))
        this.broken.push(`host ${host} has no allowed tag`)
      if (tags.some((tag) => blockedTags.includes(tag))) this.broken.push(`host ${host} has a blocked tag`)
    }
  }

  #checkOptions({ reboots, bypassesPolicy }: Pick<WireRun, 'reboots' | 'bypassesPolicy'>): void {
    if (reboots) this.#refuse('reboot')
    if (bypassesPolicy) this.#refuse('policy-bypass')
  }

  #ownActive(): WireSchedule[] {
    return [...this.#schedules].flatMap(([id, schedule]) =>
      this.#own.has(id) && schedule.isActive ? [schedule] : [],
    )
  }

  /** The hosts of the fullest day of each schedule that these calls left active. */
  #charge(within: number): number {
    return this.#ownActive().reduce(
      (sum, schedule) =>
        sum + this.hostsOf(schedule).length * schedule.scripts.length * fullest(schedule, within),
      0,
    )
  }

  #runCharge(): number {
    return this.#ownActive().reduce(
      (sum, schedule) => sum + schedule.scripts.length * fullest(schedule, hourMs),
      0,
    )
  }
}
