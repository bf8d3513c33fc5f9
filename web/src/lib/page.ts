// What the frame knows of a page. Adding one is a folder under features/ and a line in pages.ts.
import type { ComponentType, ReactNode } from 'react';
import type { Texts } from './texts';

export interface Page {
  path: string; // "/data/live"
  title: { texts: Texts<string>; key: string };
  icon?: ReactNode;
  group?: 'data' | 'journeys' | 'analysis' | 'settings'; // under which heading the navigation shows it
  right?: string; // that it takes to see it: "plan.view"
  whole?: boolean; // about all customers: not for who sees some of them only
  hidden?: boolean; // reached from other pages
  load: () => Promise<{ default: ComponentType }>;
}
