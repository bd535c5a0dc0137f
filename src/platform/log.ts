import pino, { type DestinationStream, type Logger } from 'pino'

// What the database adds to its errors: the values of the query, which may be a name, an address or a sign-in link.
const values = new Set(['params', 'parameters', 'detail'])

/** An error as it is logged: what failed and where, without what anybody wrote. */
const toLogged = (error: Error) =>
  Object.fromEntries(Object.entries(pino.stdSerializers.err(error)).filter(([name]) => !values.has(name)))

/** The program's log, in JSON lines; it holds no content. */
export const createLog = (level: string, destination?: DestinationStream): Logger =>
  pino({ level, serializers: { err: toLogged } }, destination ?? pino.destination(1))
