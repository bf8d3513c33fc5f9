import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

// Changes texts that live in the address, replacing the entry in the history; an empty one is taken out.
export function useSetAddress(): (texts: Record<string, string>) => void {
  const [, setQuery] = useSearchParams();
  return useCallback((texts) => {
    setQuery((old) => {
      const next = new URLSearchParams(old);
      for (const [name, text] of Object.entries(texts)) {
        if (text === '') next.delete(name);
        else next.set(name, text);
      }
      return next;
    }, { replace: true });
  }, [setQuery]);
}

// A text that lives in the address: a tab, a filter. Typing replaces the entry in the history.
export function useAddressText(name: string, initial = ''): [string, (value: string) => void] {
  const [query] = useSearchParams();
  const put = useSetAddress();
  const set = useCallback((value: string) => put({ [name]: value === initial ? '' : value }), [name, initial, put]);
  return [query.get(name) ?? initial, set];
}

// The page of a list that the server gives page by page.
export function useAddressPage(): [number, (page: number) => void] {
  const [text, set] = useAddressText('page', '1');
  return [Math.max(1, Math.floor(Number(text)) || 1), useCallback((page: number) => set(String(page)), [set])];
}

// What the address calls something of a list; one that is not alone on its page has a name.
export const ofList = (list: string, what: 'find' | 'page' | 'size' | 'sort'): string => (list ? `${list}.${what}` : what);

// What is sought in a list. Another search begins on the first page.
export function useFind(list = ''): [string, (typed: string) => void] {
  const [query] = useSearchParams();
  const put = useSetAddress();
  const pages = [...query.keys()].filter((name) => /(^|\.)page$/.test(name)).join(' ');
  const set = useCallback((typed: string) => put({ [ofList(list, 'find')]: typed, ...Object.fromEntries(pages.split(' ').filter(Boolean).map((name) => [name, ''])) }), [list, pages, put]);
  return [query.get(ofList(list, 'find')) ?? '', set];
}
