import type { DecklogBridge } from '../../core/contract/calls.ts';

export async function openSocketBridge(_token: string): Promise<DecklogBridge> {
  throw new Error('no socket yet');
}
