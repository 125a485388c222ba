import { DAY, HOUR, isoTime, MINUTE, NEVER, working } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { EmailEventRow, EmailRow } from '../rows.ts'
import { EMAIL_SUBJECTS } from '../words.ts'
import type { Lead } from './leads.ts'
import { addressOf } from './people.ts'
import type { Member } from './staff.ts'
import { idOf, personId } from './ids.ts'
import { latest, seen, type World } from './world.ts'

export const EMAILS_MAX = 12
export const EMAIL_EVENTS_MAX = 5

/** A message; the times of what follows it may lie after now. */
interface Message {
  readonly direction: 'outbound' | 'inbound'
  /** Place in the lead's messages of the message that this one answers. */
  readonly answers: number | null
  readonly sent: number
  readonly isBounced: boolean
  readonly machineOpened: number
  readonly opened: number
  readonly clicked: number
  readonly answered: number
}

const STEPS = weighted([
  [1, 20],
  [2, 22],
  [3, 24],
  [4, 18],
  [5, 10],
  [6, 6],
])
const DAYS_BETWEEN = [1, 2, 3, 4, 5, 7]
const HOURS_TO_REPLY = [0, 1, 4, 12, 30, 100]

/** A sequence of messages until the lead answers or bounces, then the conversation; all sent by now. */
function messagesOf(world: World, lead: Lead): Message[] {
  const messages: Message[] = []
  if (lead.sdr === null) return messages
  const dice = new Dice(world.seed, SUBJECT.email, lead.place)
  const until = Math.min(world.now + 1, lead.sdr.left)
  const replyShare = (lead.mql === NEVER ? 0.035 : 0.2) * lead.sdr.skill
  let at = lead.contacted
  for (let step = dice.pick(STEPS); step > 0 && at < until; step--) {
    const message = outbound(dice, at, null, replyShare)
    messages.push(message)
    if (message.isBounced) break
    if (message.answered !== NEVER) {
      converse(dice, messages, world.now, until)
      break
    }
    at = working(at + dice.quantile(DAYS_BETWEEN) * DAY + dice.below(HOUR))
  }
  return messages
}

/** They answer, we answer; up to three times. */
function converse(dice: Dice, messages: Message[], now: number, until: number): void {
  for (let turn = 0; turn < 3; turn++) {
    const question = messages[messages.length - 1] as Message
    if (question.answered > now) return
    messages.push(inbound(question.answered, messages.length - 1))
    const at = working(question.answered + dice.quantile(HOURS_TO_REPLY) * HOUR + dice.below(HOUR))
    if (at >= until) return
    messages.push(outbound(dice, at, messages.length - 1, turn < 2 ? 0.4 : 0))
  }
}

function outbound(dice: Dice, sent: number, answers: number | null, replyShare: number): Message {
  const isBounced = answers === null && dice.chance(0.02)
  const happens = (probability: number): boolean => !isBounced && dice.chance(probability)
  const machineOpened = happens(0.34) ? sent + 5 + dice.below(10 * MINUTE) : NEVER
  const read = sent + 2 * MINUTE + dice.quantile(HOURS_TO_REPLY) * HOUR + dice.below(HOUR)
  const isAnswered = happens(replyShare)
  const opened = isAnswered || happens(0.28) ? read : NEVER
  const clicked = opened !== NEVER && dice.chance(0.12) ? read + 20 + dice.below(MINUTE) : NEVER
  const answered = isAnswered ? read + 3 * MINUTE + dice.below(2 * DAY) : NEVER
  return { direction: 'outbound', answers, sent, isBounced, machineOpened, opened, clicked, answered }
}

function inbound(sent: number, answers: number): Message {
  const never = { machineOpened: NEVER, opened: NEVER, clicked: NEVER, answered: NEVER }
  return { direction: 'inbound', answers, sent, isBounced: false, ...never }
}

function emailId(lead: Lead, slot: number): number {
  return idOf(lead.place * EMAILS_MAX + slot, 7)
}

export function emailRows(world: World, lead: Lead): EmailRow[] {
  const messages = messagesOf(world, lead)
  if (messages.length === 0) return []
  const sdr = lead.sdr as Member
  const address = addressOf(world, lead.account, lead.slot)
  const template = EMAIL_SUBJECTS[lead.place % EMAIL_SUBJECTS.length] as string
  const subject = template.replace('{company}', () => lead.account.name)
  return messages.map((message, slot) => {
    const isOutbound = message.direction === 'outbound'
    const { sent, machineOpened, opened, answered } = message
    const wasOpened = opened <= world.now
    return {
      id: emailId(lead, slot),
      thread_id: idOf(lead.place, 0),
      in_reply_to: message.answers === null ? null : emailId(lead, message.answers),
      direction: message.direction,
      lead_id: lead.id,
      person_id: personId(lead.account.index, lead.slot),
      account_id: lead.account.id,
      sdr_id: sdr.id,
      from_address: isOutbound ? sdr.email : address,
      to_address: isOutbound ? address : sdr.email,
      subject: slot === 0 ? subject : `Re: ${subject}`,
      status: isOutbound ? (message.isBounced ? 'bounced' : 'delivered') : 'received',
      sent_at: isoTime(sent),
      opened_at: seen(world, wasOpened ? opened : machineOpened),
      open_is_machine: wasOpened ? false : machineOpened <= world.now ? true : null,
      answered_at: seen(world, answered),
      updated_at: isoTime(latest(world, sent, wasOpened ? opened : machineOpened, answered)),
    }
  })
}

/** What the mail tool recorded of the outbound messages by now, machine opens flagged. */
export function emailEventRows(world: World, lead: Lead): EmailEventRow[] {
  const rows: EmailEventRow[] = []
  for (const [slot, message] of messagesOf(world, lead).entries()) {
    if (message.direction === 'inbound') continue
    const record = (kind: number, type: EmailEventRow['type'], at: number, isMachine: boolean): void => {
      if (at > world.now) return
      rows.push({
        id: idOf((lead.place * EMAILS_MAX + slot) * EMAIL_EVENTS_MAX + kind, 8),
        email_id: emailId(lead, slot),
        sdr_id: (lead.sdr as Member).id,
        type,
        is_machine: isMachine,
        occurred_at: isoTime(at),
      })
    }
    record(0, 'sent', message.sent, false)
    if (message.isBounced) record(1, 'bounce', message.sent + 4, false)
    record(1, 'open', message.machineOpened, true)
    record(2, 'open', message.opened, false)
    record(3, 'click', message.clicked, false)
    record(4, 'reply', message.answered, false)
  }
  return rows
}
