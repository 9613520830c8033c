import type { Fault } from '../../core/contract/fault.ts';

/** What went wrong and what to do next, in one line. */
export const faultText = ({ message, hint }: Fault): string => (hint === undefined ? message : `${message} ${hint}`);
