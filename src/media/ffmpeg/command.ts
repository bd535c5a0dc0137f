import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'

/** Seconds, bytes: what one run of ffmpeg may take of the machine. */
export interface Allowance {
  /** By the clock; processor time may be that of every core. */
  seconds: number
  /** Of one output. */
  fileBytes: number
}

export interface Command {
  program: string
  args: string[]
}

/** The words of a constant part of a command line. */
export const words = (text: string): string[] => text.split(' ')

const memoryBytes = 8_000_000_000

/**
 * What an input may be. Without both lists, a playlist under the name of a film makes ffmpeg read other files of the
 * machine or of the network; names of demuxers must be whole.
 */
export const inputGuards: readonly string[] = [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mp3,ogg,wav,flac',
]

/** Programs that lower priority and cap memory, processor and files, where the system has them. */
function limited({ seconds, fileBytes }: Allowance): string[] {
  const has = (name: string) => existsSync(`/usr/bin/${name}`)
  return [
    // The encoder ends with the program that ordered it, whatever ends it.
    ...(has('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : []),
    ...(has('nice') ? ['nice', '-n', '15'] : []),
    ...(has('prlimit')
      ? [
          'prlimit',
          `--as=${memoryBytes}`,
          `--cpu=${Math.ceil(seconds * availableParallelism())}`,
          `--fsize=${fileBytes}`,
          '--core=0',
        ]
      : []),
  ]
}

const commandOf = (words: string[]): Command => ({ program: words[0]!, args: words.slice(1) })

/** Where ffprobe is: beside ffmpeg. */
export const ffprobePath = (ffmpegPath: string): string =>
  ffmpegPath.includes('/') ? join(dirname(ffmpegPath), 'ffprobe') : 'ffprobe'

/**
 * The only maker of command lines of ffmpeg: every input is guarded, nothing is asked on a terminal.
 * @param outputs arguments after the inputs: filters, then the options and the path of each output
 */
export function ffmpegCommand(ffmpegPath: string, input: string, outputs: string[], allowance: Allowance): Command {
  return commandOf([
    ...limited(allowance),
    ffmpegPath,
    ...words('-nostdin -hide_banner -loglevel error -y'),
    ...words('-progress pipe:1 -stats_period 1'),
    ...inputGuards,
    // A little more than is allowed, in case the header understates it.
    ...words('-t 7260 -i'),
    input,
    ...outputs,
  ])
}

/** The only maker of command lines of ffprobe; answers JSON. */
export function ffprobeCommand(ffmpegPath: string, input: string): Command {
  return commandOf([
    ...limited({ seconds: 60, fileBytes: 1_000_000 }),
    ffprobePath(ffmpegPath),
    ...words('-hide_banner -loglevel error'),
    ...inputGuards,
    ...words('-print_format json -show_format -show_streams'),
    input,
  ])
}
