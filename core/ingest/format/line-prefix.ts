import { RUNTIME_LINE } from '../partial.ts';

/** What stands before the JSON of a line of text. */
export interface LinePrefix {
  readonly format: string;
  /** Characters before the text that was wrapped. */
  readonly length: number;
  readonly server: string | null;
  /** Of a container runtime: its stream, and whether the text goes on in the stream's next line. */
  readonly part: { readonly stream: string; readonly isPartial: boolean } | null;
}

type Rule = { readonly format: string; readonly pattern: RegExp };

const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;
const ZONE = String.raw`(?:Z|[+-]\d\d:?\d\d)`;

/** In this order. The named group `server` is whoever the line says it is from. */
const RULES: readonly Rule[] = [
  { format: 'fluentd-file-tsv', pattern: /^[^\t{"]{1,64}\t[^\t{"]{1,256}\t(?=\{)/ },
  { format: 'aws-cwl-s3-export', pattern: new RegExp(`^(?:${ISO}\\.\\d{3}Z|\\d{13}) (?=\\{)`) },
  { format: 'ts-prefix-jsonl', pattern: new RegExp(`^${ISO}(?:\\.\\d+)?${ZONE} (?=\\{)`) },
  {
    format: 'aws-cwl-tail',
    pattern: new RegExp(`^${ISO}(?:\\.\\d+)?${ZONE} (?<server>kube-apiserver-audit-[0-9a-f]+) (?=\\{)`),
  },
  { format: 'syslog-json', pattern: /^<\d{1,3}>1 \S+ (?<server>\S+) [^{]*(?=\{)/ },
  {
    format: 'syslog-json',
    pattern: new RegExp(`^<\\d{1,3}>(?:\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d|${ISO}\\S*) (?<server>\\S+) [^{]*(?=\\{)`),
  },
  { format: 'syslog-json', pattern: /^<\d{1,3}>[^{]{0,256}(?=\{)/ },
  {
    format: 'syslog-json',
    pattern: new RegExp(
      `^(?:\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d|${ISO}(?:\\.\\d+)?${ZONE}) (?<server>[^\\s{]+) [^{\\s]+: (?=\\{)`,
    ),
  },
  {
    format: 'openshift-node-logs',
    pattern: /^(?<server>[^\s{"]{1,253}) (?=\{"kind":"Event","apiVersion":"audit\.k8s\.io\/)/,
  },
];

/** The prefix of a line, or null. */
export function prefixOf(line: string): LinePrefix | null {
  const runtime = RUNTIME_LINE.exec(line);
  if (runtime !== null) {
    const part = { stream: runtime[2]!, isPartial: runtime[3] === 'P' };
    return { format: 'cri-log', length: runtime[0].length, server: null, part };
  }
  for (const { format, pattern } of RULES) {
    const match = pattern.exec(line);
    if (match !== null) return { format, length: match[0].length, server: serverOf(match), part: null };
  }
  return null;
}

function serverOf(match: RegExpExecArray): string | null {
  const server = match.groups?.server;
  return server === undefined || server === '-' ? null : server;
}
