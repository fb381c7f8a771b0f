import { field } from './field.js'
import { host } from './host.js'
import { names } from './names.js'
import type { FieldIssue } from './field.js'

const parse = (text: string) => (names.safeParse(text).data ?? ['']).map((part) => host.safeParse(part))

/** Hosts with commas between them, at least one and each of them once: `a.example, b.example`. */
export const hosts = field(
  'a host name or an IP address, or several with commas between them',
  (text) => {
    const list = parse(text).map(({ data }) => data)
    return list.every((item) => item !== undefined) && new Set(list).size === list.length ? list : undefined
  },
  (text) => {
    const issue = parse(text).find(({ success }) => !success)?.error?.issues[0]
    return issue?.code === 'custom' ? (issue.params as FieldIssue).advice : undefined
  },
)
