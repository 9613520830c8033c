import { useEffect, useMemo, useState } from 'react';
import type { CallName, Req, Res } from '../../../core/contract/calls.ts';
import type { Fault } from '../../../core/contract/fault.ts';
import { useNews } from '../../calls/refresh.ts';
import { useBridge } from '../../calls/use-call.ts';

/**
 * Answers of the engine to what is being typed: asked after a short pause, taken back at the next key; the last one stays. They are
 * asked again when the case has changed or the engine is back.
 */
export function useLive<K extends CallName>(
  name: K,
  req: Req<K> | null,
  pauseMs: number,
): {
  readonly data: Res<K> | null;
  readonly isStale: boolean;
  /** Why the last question could not be answered. */
  readonly fault: Fault | null;
} {
  const bridge = useBridge();
  const [state, setState] = useState<State<Res<K>>>({ key: null, data: null, fault: null });
  const key = req === null ? '' : JSON.stringify(req);
  const news = useNews();
  const question = useMemo(() => ({ key, news }), [key, news]);
  useEffect(() => {
    const { key } = question;
    if (key === '') return;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await bridge.call(name, JSON.parse(key) as Req<K>, { signal: controller.signal });
      if (controller.signal.aborted) return;
      if (answer.ok) setState({ key, data: answer.value, fault: null });
      else setState(({ data }) => ({ key, data, fault: answer.fault }));
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [bridge, name, question, pauseMs]);
  return { data: state.data, isStale: state.key !== key || state.fault !== null, fault: state.fault };
}

interface State<T> {
  readonly key: string | null;
  readonly data: T | null;
  readonly fault: Fault | null;
}
