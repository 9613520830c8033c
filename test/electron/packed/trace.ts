/** What strace is to write down for `foreignCalls`. */
export const TRACED = 'connect,sendto,sendmsg,sendmmsg,execve';

/** A call that names an address of another machine. */
export interface ForeignCall {
  /** The last program that its process is known to have started, or the process's number. */
  readonly program: string;
  readonly call: string;
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * Every call of a trace (`strace -f -e trace=...`) that turns to an address that is not this machine's own. Sockets of files and of the
 * kernel have no such address. A process that was forked counts as the program of its number alone.
 */
export function foreignCalls(trace: Iterable<string>): readonly ForeignCall[] {
  const programs = new Map<string, string>();
  const found: ForeignCall[] = [];
  for (const line of trace) {
    const [, pid = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const program = /^execve\("([^"]+)"/.exec(call)?.[1];
    if (program !== undefined) programs.set(pid, program);
    else if (addressesOf(call).some((address) => !LOOPBACK.test(address)))
      found.push({ program: programs.get(pid) ?? pid, call });
  }
  return found;
}

const addressesOf = (call: string): readonly string[] =>
  [...call.matchAll(/inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"/g)].map(([, v4, v6]) => v4 ?? v6 ?? '');
