import type { CallName, Req, Res } from '../contract/calls.ts';
import type { EvidenceTokens } from './evidence-tokens.ts';

type DoorCall = (req: never, evidence: EvidenceTokens) => Promise<unknown>;

/** Calls that the door answers by itself: only it knows which folders may be looked into. */
export const DOOR_CALLS: Partial<Readonly<Record<CallName, DoorCall>>> = {
  'evidence/browse': (req: Req<'evidence/browse'>, evidence): Promise<Res<'evidence/browse'>> =>
    evidence.browse(req.token),
};

/** A request as the engine is to see it: tokens have become paths. Raises `usage` for a token that is not known. */
export function prepared(name: CallName, req: unknown, evidence: EvidenceTokens): unknown {
  if (name === 'import/start') {
    const { sources, ...rest } = req as Req<'import/start'>;
    const places = sources.map(({ token }) => evidence.find(token));
    const names = Object.fromEntries(places.map(({ path, name: called }) => [path, called]));
    return { ...rest, paths: places.map(({ path }) => path), names };
  }
  if (name === 'studio/import') {
    const { sources, ...rest } = req as Req<'studio/import'>;
    const places = sources.map((source) => ({ ...evidence.find(source.token), ...source }));
    return {
      ...rest,
      paths: places.map(({ path }) => path),
      names: Object.fromEntries(places.map(({ path, name: called }) => [path, called])),
    };
  }
  if (name === 'studio/use-folder') return { path: evidence.findRuleFolder((req as Req<'studio/use-folder'>).token) };
  if (name === 'indicators/add' || name === 'foreign/add') {
    const { token, ...rest } = req as Req<'indicators/add'> | Req<'foreign/add'>;
    const { path, name: file } = evidence.find(token);
    return { ...rest, path, file };
  }
  return req;
}
