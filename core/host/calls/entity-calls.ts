import { setImmediate as nextTurn } from 'node:timers/promises';
import { ENTITY_KINDS } from '../../contract/scope.ts';
import { accessOf } from '../access.ts';
import { accessRows } from '../access-rows.ts';
import type { CallTable } from '../call-scope.ts';
import { entityTable } from '../entity-book.ts';
import { entityDetail, relationsOf } from '../entity-detail.ts';
import { entityPage } from '../entity-lines.ts';
import { huntingOf } from '../hunting.ts';
import { areImagesNear } from '../image-rows.ts';
import { objectPage } from '../object-page.ts';
import { searchAll } from '../search-all.ts';
import { sessionPage } from '../shell-sessions.ts';

export const entityCalls = {
  'entities/kinds': async ({ range }, { store, signal }) => {
    const hunting = huntingOf(store);
    const kinds = ENTITY_KINDS.filter((kind) => kind !== 'image' || areImagesNear(hunting));
    const counted = [];
    for (const kind of kinds) {
      const all = await entityTable(hunting, kind, range, signal);
      counted.push({ kind, count: all.length, withAlerts: all.filter(({ alerts }) => alerts > 0).length });
      await nextTurn();
      signal.throwIfAborted();
    }
    return counted;
  },
  'entities/page': (req, scope) => entityPage(req, scope),
  'entities/detail': ({ entity, range }, scope) => entityDetail(entity, range, scope),
  'entities/relations': ({ entity, range, limit }, scope) => relationsOf(entity, range, limit, scope),
  'entities/access': async ({ entity, at }, { store, signal, progress }) =>
    accessRows(await accessOf(entity.name, at ?? null, store, { signal, progress })),
  'objects/history': (req, scope) => objectPage(req, scope),
  'sessions/page': (req, scope) => sessionPage(req, scope),
  'search/all': (req, scope) => searchAll(req, scope),
} satisfies Partial<CallTable>;
