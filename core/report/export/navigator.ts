import { jsonText } from '../../text.ts';
import { type AlertWriter, RANK } from './exported.ts';

interface Seen {
  score: number;
  alerts: number;
  readonly titles: Set<string>;
}

/** Colours of the levels, 1 to 5. */
const COLOURS = ['#e9edf1', '#366297', '#a58606', '#7c4201', '#a10044'];
/** Rules named in the comment of a technique. */
const MOST_TITLES = 20;

/** An ATT&CK Navigator layer (format 4.5): techniques scored by the highest level that found them. */
export function navigator(): AlertWriter {
  const techniques = new Map<string, Seen>();
  return {
    item(alert) {
      for (const id of alert.attack) {
        const seen = techniques.get(id) ?? { score: 0, alerts: 0, titles: new Set<string>() };
        seen.score = Math.max(seen.score, RANK[alert.level]);
        seen.alerts++;
        if (seen.titles.size < MOST_TITLES) seen.titles.add(alert.rule.title);
        techniques.set(id, seen);
      }
      return '';
    },
    tail: ({ asOf }) => `${jsonText(layer(techniques, asOf), 1)}\n`,
  };
}

function layer(techniques: ReadonlyMap<string, Seen>, asOf: string) {
  return {
    name: 'Decklog findings',
    versions: { attack: '16', navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `Techniques that rules found in Kubernetes audit logs up to ${asOf}`,
    sorting: 3,
    hideDisabled: false,
    techniques: [...techniques]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([techniqueID, { score, alerts, titles }]) => ({
        techniqueID,
        score,
        enabled: true,
        comment: [...titles].sort().join('; '),
        metadata: [{ name: 'alerts', value: String(alerts) }],
      })),
    gradient: { colors: COLOURS, minValue: 1, maxValue: 5 },
    legendItems: ['informational', 'low', 'medium', 'high', 'critical'].map((label, index) => ({
      label,
      color: COLOURS[index],
    })),
  };
}
