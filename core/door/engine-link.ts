import type { EngineAsk, EngineTell } from '../host/protocol.ts';

/** The way to one engine process. Doors make it: a child process, or Electron's utility process. */
export interface EngineLink {
  send(ask: EngineAsk): void;
  onTell(hear: (tell: EngineTell) => void): void;
  /** Told once, when the process has ended for whatever reason. */
  onEnd(hear: (how: string) => void): void;
  /** Ends the process at once. */
  kill(): void;
}

export type StartEngine = () => EngineLink;
