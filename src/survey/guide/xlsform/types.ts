/** Canonical types of questions, with their other names (pyxform's question_type_dictionary.py), in lower case. */
const names: Record<string, string> = {
  text: 'string|q string|add text prompt',
  integer:
    'int|q int|add integer prompt|percentage|number of days in last month|number of days in last six months|number of days in last year',
  decimal: 'q decimal|add decimal prompt',
  range: '',
  note: 'q note|add note prompt',
  date: 'q date|add date prompt',
  time: '',
  datetime: 'date time|q date time|q datetime|add date time prompt|add datetime prompt',
  geopoint: 'gps|location|q geopoint|q location|add location prompt',
  geotrace: '',
  geoshape: '',
  barcode: 'q barcode|add barcode prompt',
  image: 'photo|q picture|q image|add image prompt|add photo prompt',
  audio: 'q audio|add audio prompt',
  video: 'q video|add video prompt',
  file: 'add file prompt',
  acknowledge: 'trigger|q acknowledge|add acknowledge prompt',
  calculate: 'q calculate|add calculate prompt',
  hidden: '',
  'phone number': '',
  osm: '',
  audit: '',
  start: 'start time|get start time',
  end: 'end time|get end time',
  today: 'get today',
  deviceid: 'imei|device id|get device id',
  subscriberid: 'subscriber id|get subscriber id',
  simserial: 'sim id|get sim id',
  phonenumber: 'get phone number',
  username: '',
  email: '',
  'start-geopoint': '',
  'background-audio': '',
  'background-geopoint': '',
  'csv-external': '',
  'xml-external': '',
  'uri:deviceid': '',
  'uri:subscriberid': '',
  'uri:simserial': '',
  'uri:phonenumber': '',
  'uri:username': '',
  'uri:email': '',
}

const canonical = new Map(
  Object.entries(names).flatMap(([name, others]) =>
    [name, ...others.split('|').filter(Boolean)].map((one): [string, string] => [one, name]),
  ),
)

const selects: Record<string, string> = {
  'add select one prompt using': 'select_one',
  'select one from': 'select_one',
  'select one using': 'select_one',
  'select one': 'select_one',
  select1: 'select_one',
  select_one: 'select_one',
  'add select multiple prompt using': 'select_multiple',
  'select all that apply from': 'select_multiple',
  'select all that apply': 'select_multiple',
  'select multiple from': 'select_multiple',
  'select multiple using': 'select_multiple',
  select_multiple: 'select_multiple',
  select_one_external: 'select_one_external',
  select_one_from_file: 'select_one_from_file',
  'select one from file': 'select_one_from_file',
  select_multiple_from_file: 'select_multiple_from_file',
  'select multiple from file': 'select_multiple_from_file',
  rank: 'rank',
}

const controls: Record<string, string> = {
  group: 'group',
  lgroup: 'repeat',
  repeat: 'repeat',
  'looped group': 'repeat',
  loop: 'loop',
}

const longestFirst = (words: Record<string, string>) =>
  Object.keys(words)
    .toSorted((a, b) => b.length - a.length)
    .join('|')

const begin = new RegExp(`^begin[\\s_](${longestFirst(controls)})(?:\\s(?:over\\s)?(\\S+))?$`, 'i')
const end = new RegExp(`^end[\\s_](${longestFirst(controls)})$`, 'i')
const select = new RegExp(`^(${longestFirst(selects)})\\s(\\S+)(\\s(?:or specify other|or_other|or other))?$`, 'i')

export type RowType =
  | { kind: 'begin'; type: string; list: string | null }
  | { kind: 'end'; type: string }
  | { kind: 'question'; type: string; list: string | null; orOther: boolean }
  | { kind: 'include' }
  | { kind: 'setting'; name: string }
  | { kind: 'unknown' }

/** What the `type` of a row says, its words separated by single spaces. */
export function readType(text: string): RowType {
  const begun = begin.exec(text)
  if (begun) return { kind: 'begin', type: controls[begun[1]!.toLowerCase()]!, list: begun[2] ?? null }
  const ended = end.exec(text)
  if (ended) return { kind: 'end', type: controls[ended[1]!.toLowerCase()]! }
  const chosen = select.exec(text)
  if (chosen) {
    const type = selects[chosen[1]!.toLowerCase()]!
    return { kind: 'question', type, list: chosen[2]!, orOther: chosen[3] !== undefined }
  }
  // The name of the form is in the column of names.
  if (text.toLowerCase() === 'include') return { kind: 'include' }
  const tagged = /^osm\s(\S+)$/i.exec(text)
  if (tagged) return { kind: 'question', type: 'osm', list: tagged[1]!, orOther: false }
  const setting = /^(?:set form |form_)(title|id)$/i.exec(text)
  if (setting) return { kind: 'setting', name: `form_${setting[1]!.toLowerCase()}` }
  const type = canonical.get(text.toLowerCase())
  return type ? { kind: 'question', type, list: null, orOther: false } : { kind: 'unknown' }
}
