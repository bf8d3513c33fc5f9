// Items of the live debugger: what they are called and which a filter lets pass.
import type { Item } from '../../api/schema';

export const kinds = ['event', 'profile', 'link', 'unlink', 'item', 'item_delete', 'quarantine'] as const;

export const isKind = (name: string): name is (typeof kinds)[number] => (kinds as readonly string[]).includes(name);

export const nameOf = (item: Item): string => item.event ?? item.what ?? item.reason ?? '';

export function passes(item: Item, kind: string, typed: string, label: string): boolean {
  if (kind && item.kind !== kind) return false;
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return true;
  const texts = [label, nameOf(item), ...Object.values(item.identities ?? {}), ...Object.entries(item.properties ?? {}).flat().map(String)];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
