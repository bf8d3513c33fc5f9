// A journey's document as docs/journeys.md describes it, and what the canvas needs to know of it.
export const kKinds = ['entry', 'wait', 'wait_event', 'judge', 'split', 'ratio', 'time_split', 'send', 'chain', 'set', 'fork', 'join', 'loop', 'call', 'exit', 'experiment', 'rate', 'list'] as const;
export type Kind = (typeof kKinds)[number];

export interface Point { x: number; y: number }
export interface Branch { outcome: string; event?: string; where?: string; receipt?: string; when?: string; percent?: number }
export interface Attempt { channel: string; text: string; success?: string; wait?: string; only_if?: string }
export type JourneyNode = { id: string; type: Kind; at?: Point; note?: string; branches?: Branch[]; steps?: Attempt[] } & Record<string, unknown>;
export interface JourneyEdge { from: string; when?: string; to: string }
export type Happening = string | { event: string; where?: string };
// Something the customer does, or, with `when`, something that becomes true of him, or what became of a message.
export interface Occasion { event?: string; where?: string; when?: string; receipt?: string }
export type Entry = { kind?: string; on?: Happening; without?: Happening; steps?: { event: string; where?: string }[] } & Record<string, unknown>;
export type Definition = { id: string; name?: string; name_en?: string; entry: Entry; nodes: JourneyNode[]; edges: JourneyEdge[] } & Record<string, unknown>;

// Who may come in so far, and what pauses the journey by itself (docs/journeys.md, "Letting it out").
export interface Release { who?: string; percent?: number }
export interface Guardrails { after?: number; failed_percent?: number; opted_out_percent?: number; spend?: number }

export const kMaxNodes = 500;

const kFixed: Partial<Record<Kind, readonly string[]>> = {
  entry: ['next'], judge: ['yes', 'no', 'error'], time_split: ['in', 'out'], send: ['next', 'failed'], chain: ['succeeded', 'exhausted'], set: ['next'], rate: ['next'], join: ['next'], loop: ['again', 'done'], call: ['next', 'timeout'], exit: [],
};

// The ways out of a node, in the order they are drawn.
export function outcomesOf(node: JourneyNode): readonly string[] {
  const fixed = kFixed[node.type];
  if (fixed) return fixed;
  if (node.type === 'wait') return node['date'] ? ['next', 'no_date', ...(node['every'] ? [] : ['past'])] : ['next'];
  const branches = [...new Set((node.branches ?? []).map(({ outcome }) => outcome))];
  if (node.type === 'wait_event') return [...branches, 'timeout'];
  return node.type === 'split' ? [...new Set([...branches, 'else', 'error'])] : branches;
}

export const whenOf = ({ when }: JourneyEdge): string => when ?? 'next';
export const edgeKey = (edge: JourneyEdge): string => `${edge.from}|${whenOf(edge)}|${edge.to}`;

// "send" -> "send_3", the first that is free.
export function freeId(kind: string, taken: ReadonlySet<string>): string {
  for (let i = 1; ; ++i) if (!taken.has(`${kind}_${i}`)) return `${kind}_${i}`;
}

// A card: two lines, then a row for each outcome; one without a name needs none of its own.
const kCardWidth = 208, kUnderLines = 19;
export const kSecondLine = 47, kRow = 20;
export const firstOutcomeAt = (node: JourneyNode): number => (outcomesOf(node)[0] === 'next' ? kSecondLine : kSecondLine + kRow);
export const sizeOf = (node: JourneyNode): { width: number; height: number } => {
  const outcomes = outcomesOf(node).length;
  return { width: kCardWidth, height: kUnderLines + (outcomes > 0 ? firstOutcomeAt(node) + (outcomes - 1) * kRow : kSecondLine) };
};
