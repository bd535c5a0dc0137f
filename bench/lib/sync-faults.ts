/** What goes wrong in the histories of the benchmark `sync`; each is counted where it really happened. */
export const faults = [
  'device killed before a write',
  'device killed after a write',
  'device without room',
  'storage erased',
  'storage erased, a file kept',
  'file taken up on another device',
  'clock askew',
  'clock that jumps',
  'two tabs that send at once',
  'program of the device changed',
  'entry of a type that nobody knows',
  'request lost',
  'answer lost',
  'answer late, request later still',
  'request sent twice at once',
  'page of a wireless network',
  'gateway without server',
  'signed out',
  'server killed before a commit',
  'server killed after a commit',
  'transaction that fails',
  'right that ends',
  'right that comes back',
  'enterprise deleted, then back',
  'new guide before the server',
  'server of another protocol',
  'prospect linked late',
] as const
export type FaultName = (typeof faults)[number]

/** How often each fault happened, in one history or in many. */
export type FaultCount = Map<FaultName, number>
