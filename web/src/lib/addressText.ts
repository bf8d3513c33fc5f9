import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

// A text that lives in the address: a tab, a filter. Typing replaces the entry in the history.
export function useAddressText(name: string, initial = ''): [string, (value: string) => void] {
  const [query, setQuery] = useSearchParams();
  const set = useCallback((value: string) => {
    setQuery((old) => {
      const next = new URLSearchParams(old);
      if (value === initial) next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  }, [name, initial, setQuery]);
  return [query.get(name) ?? initial, set];
}
