import type { ClockState } from './journal.ts'

export const newClock: ClockState = { last: 0, ahead: 0 }

/**
 * The device's own time, in milliseconds, from the machine's: always later than what it gave before. When the machine's
 * clock is set back, it goes on from where it was and keeps counting; what the server measures of its skew then holds
 * for what was written before and after alike.
 */
export function tick(clock: ClockState, machine: number): ClockState {
  const time = Math.round(machine) + clock.ahead
  const late = time > clock.last ? 0 : clock.last + 1 - time
  return { last: time + late, ahead: clock.ahead + late }
}

/** The same time, without moving it: for the moment at which a request is sent. */
export const timeOf = (clock: ClockState, machine: number): number =>
  Math.max(Math.round(machine) + clock.ahead, clock.last)

export const iso = (time: number): string => new Date(time).toISOString()
