import { fullest, hourMs, runsOf, runTimes } from './timetable.ts'
import { isQuiet, type WireEffect, type WireRun, type WireSchedule, type WireScript } from './wire.ts'
import type { Limits, Moment, World } from './world.ts'

// A small model of the limits (design 7), written from their description and not from the program. It reads what is on
// the wire and names everything that goes beyond a limit.

/** Reads effects in their order and collects what breaks a limit. */
export class LimitModel {
  readonly broken: string[] = []
  readonly #limits: Limits
  readonly #world: World
  readonly #schedules: Map<string, WireSchedule>
  readonly #campaigns: Map<string, { readonly recipients: number; readonly isActive: boolean }>
  /** Schedules that these calls made or switched on. */
  readonly #own = new Set<string>()
  readonly #spent: { readonly what: 'hosts' | 'runs' | 'mails'; readonly n: number; readonly at: number }[] =
    []
  #moment: Moment = { at: 0, happened: true, isStopped: false }

  constructor(limits: Limits, world: World) {
    this.#limits = limits
    this.#world = world
    this.#schedules = new Map(world.schedules.map((schedule) => [schedule.id ?? '', schedule]))
    this.#campaigns = new Map(world.campaigns)
  }

  add(effect: WireEffect, moment: Moment): void {
    this.#moment = moment
    const stored = effect.kind === 'schedule' ? this.#schedules.get(effect.id ?? '') : undefined
    if (moment.isStopped && !isQuiet(effect, stored))
      this.broken.push(`QUALYS_STOP_FILE exists: ${effect.kind}`)
    this.#addEffect(effect)
    const { hostsPerDay, runsPerHour, mailsPerDay } = this.#limits
    const dayMs = 24 * hourMs
    const hosts = this.#spentOn('hosts', dayMs) + this.#charge(dayMs)
    this.#check('QUALYS_MAX_HOSTS_PER_DAY', hosts, hostsPerDay)
    this.#check('QUALYS_MAX_RUNS_PER_HOUR', this.#spentOn('runs', hourMs) + this.#runCharge(), runsPerHour)
    this.#check('QUALYS_MAX_MAILS_PER_DAY', this.#spentOn('mails', dayMs), mailsPerDay)
  }

  #addEffect(effect: WireEffect): void {
    switch (effect.kind) {
      case 'run':
        this.#addRun(effect)
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
      case 'copy':
        this.#addCopy(effect.script)
        break
      case 'import':
        if (effect.approves) this.#refuse('approve')
        break
      case 'launch':
        this.#addLaunch(effect.campaign)
        break
      case 'campaign':
        this.#check('QUALYS_MAX_BULK', effect.people, this.#limits.maxBulk)
        this.#campaigns.set(this.#world.newIds.get(effect.name) ?? '', {
          recipients: effect.people,
          isActive: false,
        })
        break
      case 'cancel':
        this.#campaigns.set(effect.campaign, { recipients: 0, isActive: false })
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

  #addRun(run: WireRun): void {
    this.#checkScripts([run.script])
    this.#checkHosts(run)
    this.#checkOptions(run)
    this.#refuse('run')
    this.#checkWindow([this.#moment.at])
    this.#spend('hosts', this.hostsOf(run).length)
    this.#spend('runs', 1)
  }

  #spend(what: 'hosts' | 'runs' | 'mails', n: number): void {
    if (this.#moment.happened) this.#spent.push({ what, n, at: this.#moment.at })
  }

  #spentOn(what: 'hosts' | 'runs' | 'mails', within: number): number {
    const counted = this.#spent.filter((one) => one.what === what && one.at > this.#moment.at - within)
    return counted.reduce((sum, { n }) => sum + n, 0)
  }

  /** An hour like `22` to `5` closes on the next day. */
  #checkWindow(times: readonly number[]): void {
    if (!this.#limits.window) return
    const [opens, closes] = this.#limits.window
    const isOpen = (at: number): boolean => {
      const hour = new Date(at).getUTCHours()
      return opens < closes ? hour >= opens && hour < closes : hour >= opens || hour < closes
    }
    if (!times.every(isOpen)) this.broken.push(`QUALYS_WINDOW is ${opens} to ${closes}`)
  }

  #addSchedule(sent: WireSchedule): void {
    const id = sent.id ?? this.#world.newIds.get(sent.title)
    // Without an id Qualys has refused it.
    if (id === undefined) return
    const stored = this.#schedules.get(id)
    const schedule = {
      ...sent,
      hosts: sent.hosts.length > 0 ? sent.hosts : (stored?.hosts ?? []),
      tags: sent.tags.length > 0 ? sent.tags : (stored?.tags ?? []),
    }
    // Whether Qualys keeps exclusions that are left out is not documented: until it shows them, none count.
    const excluded = sent.excluded.length > 0 ? sent.excluded : (stored?.excluded ?? [])
    this.#schedules.set(id, { ...schedule, excluded })
    this.#own.add(id)
    // What it stores is held against the limits when it is switched on.
    if (!isQuiet(sent, stored)) this.#checkSchedule(schedule, sent.id === undefined || sent.isActive)
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
    this.#checkSchedule({ ...schedule, isActive: true }, true)
  }

  #checkSchedule(schedule: WireSchedule, isPlanned: boolean): void {
    this.#checkScripts(schedule.scripts)
    this.#checkHosts(schedule)
    this.#checkOptions(schedule)
    if (schedule.isActive) this.#refuse('run')
    if (isPlanned) this.#refuse('schedule')
    this.#checkWindow(runTimes(schedule, this.#moment.at))
    this.#check('QUALYS_MAX_SCHEDULED_RUNS', runsOf(schedule), this.#limits.maxScheduledRuns)
  }

  #addScript({ script, runsAnew, approves }: Extract<WireEffect, { kind: 'script' }>): void {
    if (approves) this.#refuse('approve')
    if (this.#limits.allowedScripts?.includes(script)) this.broken.push(`script ${script} is changed`)
    if (!runsAnew) return
    for (const schedule of this.#schedules.values())
      if (schedule.isActive && schedule.scripts.some(({ id }) => id === script)) {
        this.#checkScripts(schedule.scripts.filter(({ id }) => id === script))
        this.#checkHosts(schedule)
        this.#checkWindow(runTimes(schedule, this.#moment.at))
      }
  }

  #addCopy(script: string): void {
    const { blockedScripts = [], allowedParameters = {} } = this.#limits
    if (blockedScripts.includes(script)) this.broken.push(`script ${script} is blocked and copied`)
    if (script in allowedParameters) this.broken.push(`script ${script} has patterns and is copied`)
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
    this.#checkWindow([this.#moment.at])
    this.#spend('mails', people)
  }

  #checkScripts(scripts: readonly WireScript[]): void {
    const { allowedScripts, blockedScripts = [], allowedParameters = {} } = this.#limits
    for (const { id, values } of scripts) {
      if (allowedScripts && !allowedScripts.includes(id)) this.broken.push(`script ${id} is not allowed`)
      if (blockedScripts.includes(id)) this.broken.push(`script ${id} is blocked`)
      const patterns = allowedParameters[id]
      for (const [key, value] of patterns ? Object.entries(values) : [])
        if (!new RegExp(`^(?:${patterns?.[key] ?? '(?!)'})$`).test(value))
          this.broken.push(`script ${id} gets ${key}=${value}`)
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
