// Everything the console knows about one kind of node: how it looks, what a new one holds, how it is said
// in one line, and how it is edited. Adding a kind is a file beside this one and a line in index.ts.
import type { ReactNode } from 'react';
import type { Names } from '../../../api/names';
import type { Language, Say } from '../../../lib/texts';
import type { JourneyNode, Kind as Name } from '../core/definition';
import type { JourneyKey } from '../texts';

export interface Saying { t: Say<JourneyKey>; names: Names; language: Language; channel: (name: string) => string; called: (kind: 'segment' | 'list' | 'tag' | 'journey', id: string) => string }

export interface EditorProps {
  node: JourneyNode;
  onChange: (change: Partial<JourneyNode>, renamed?: [string, string]) => void;
}

export interface Kind {
  kind: Name;
  icon: ReactNode;
  group: 'enter' | 'wait' | 'judge' | 'split' | 'touch' | 'act' | 'end'; // a colour each
  initial?: Partial<JourneyNode>;
  summary: (node: JourneyNode, saying: Saying) => string;
  Editor?: (props: EditorProps) => ReactNode;
}

export const kind = (made: Kind): Kind => made;
