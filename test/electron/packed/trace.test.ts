import { expect, test } from 'vitest';
import { foreignCalls } from './trace.ts';

const to = (address: string, port = 443) =>
  `connect(5, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${address}")}, 16`;
const to6 = (address: string) =>
  `connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "${address}", &sin6_addr), sin6_scope_id=0}, 28`;

test('calls to this machine, to files and to the kernel are no foreign ones', () => {
  const trace = [
    `10 execve("/usr/bin/x", ["x"], 0x7ffd /* 9 vars */) = 0`,
    `10 ${to('127.0.0.1')}) = 0`,
    `10 ${to('127.0.0.53', 53)}) = 0`,
    `10 ${to6('::1')}) = 0`,
    `10 connect(3, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X0"}, 20) = 0`,
    `10 sendto(3, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20`,
    `10 +++ exited with 0 +++`,
  ];

  expect(foreignCalls(trace)).toEqual([]);
});

test.each([
  `${to('192.0.2.7')}) = -1 ENETUNREACH (Network is unreachable)`,
  `${to('192.0.2.7')} <unfinished ...>`,
  `${to('0.0.0.0')}) = 0`,
  `${to6('2001:db8::1')}) = -1 EINPROGRESS (Operation now in progress)`,
  `sendto(9, "\\1", 28, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, 16) = -1`,
  `sendmsg(9, {msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, msg_namelen=16}, 0) = -1`,
])('%s is found, with its program', (call) => {
  const trace = [
    `7 execve("/bin/other", ["other"], 0x7ffd /* 9 vars */) = 0`,
    `10 execve("/usr/bin/x", ["x"], 0x1) = 0`,
  ];

  expect(foreignCalls([...trace, `10 ${call}`, `10 ${to('127.0.0.1')}) = 0`])).toEqual([
    { program: '/usr/bin/x', call },
  ]);
  expect(foreignCalls([`11 ${call}`])).toEqual([{ program: '11', call }]);
});
