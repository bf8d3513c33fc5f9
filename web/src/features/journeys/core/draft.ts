// What was drawn and not published yet is kept in this browser.
import type { Definition } from './definition';

const keyOf = (project: string, id: string) => `waypost.journey.${project}.${id}`;

export function loadDraft(project: string, id: string): Definition | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(keyOf(project, id)) ?? '') as Definition;
    return Array.isArray(value.nodes) && Array.isArray(value.edges) ? value : undefined;
  } catch {
    return undefined;
  }
}

// False when the browser has no room for it.
export function saveDraft(project: string, id: string, definition: Definition | undefined): boolean {
  try {
    if (definition) localStorage.setItem(keyOf(project, id), JSON.stringify(definition));
    else localStorage.removeItem(keyOf(project, id));
    return true;
  } catch {
    return false;
  }
}

const kClipboard = 'waypost.clipboard';
export const putClipboard = (part: unknown) => localStorage.setItem(kClipboard, JSON.stringify(part));
export function readClipboard<T extends object>(): T | undefined {
  try {
    return JSON.parse(localStorage.getItem(kClipboard) ?? '') as T;
  } catch {
    return undefined;
  }
}

export const firstDefinition = (): Definition => ({
  id: '', name: '', entry: { kind: 'event', on: '' },
  nodes: [{ id: 'start', type: 'entry', at: { x: 40, y: 160 } }, { id: 'end', type: 'exit', at: { x: 420, y: 160 } }],
  edges: [{ from: 'start', to: 'end' }],
});
