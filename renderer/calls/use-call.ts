import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext } from 'react';
import type { CallName, DecklogBridge, Req, Res } from '../../core/contract/calls.ts';
import type { OpenedCase } from '../../core/contract/case-calls.ts';
import { tellFault } from '../undo.ts';
import { faultText } from '../words/fault.ts';
import { ask, faultOf } from './ask.ts';
import { refreshSoon } from './refresh.ts';

export const BridgeContext = createContext<DecklogBridge | null>(null);

export function useBridge(): DecklogBridge {
  const bridge = useContext(BridgeContext);
  if (bridge === null) throw new Error('no bridge');
  return bridge;
}

export interface UseCallOptions {
  readonly isOn?: boolean;
  /** Shows what was there until the new answer comes: lists keep their place. */
  readonly keeps?: boolean;
}

/** The answer of a read call, cached, cancelled when nobody looks any more, and asked again when the case changes. */
export function useCall<K extends CallName>(
  name: K,
  req: Req<K>,
  options: UseCallOptions = {},
): UseQueryResult<Res<K>, Error> {
  const bridge = useBridge();
  return useQuery<Res<K>, Error>({
    queryKey: [name, req],
    queryFn: ({ signal }) => ask(bridge, name, req, { signal }),
    enabled: options.isOn ?? true,
    ...(options.keeps === true ? { placeholderData: keepPreviousData as never } : {}),
  });
}

/** Makes a call that changes something: faults are told, and what is shown is read again. Answers null after a fault. */
export function useAct(): <K extends CallName>(name: K, req: Req<K>) => Promise<Res<K> | null> {
  const bridge = useBridge();
  const client = useQueryClient();
  return useCallback(
    async (name, req) => {
      try {
        const value = await ask(bridge, name, req);
        refreshSoon(client);
        return value;
      } catch (error) {
        const fault = faultOf(error);
        tellFault(faultText(fault));
        return null;
      }
    },
    [bridge, client],
  );
}

/** The open case; null only in the first moment. */
export function useCase(): OpenedCase | null {
  return useCall('case/open', {}, { keeps: true }).data ?? null;
}

/** Whether this person may change the case. */
export function useMayChange(): boolean {
  const opened = useCase();
  return opened !== null && mayChangeCase(opened);
}

export const mayChangeCase = ({ role, isReadOnly }: OpenedCase): boolean => role === 'admin' && !isReadOnly;
