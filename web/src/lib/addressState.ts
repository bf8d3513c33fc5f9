import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

// A JSON value that lives in the address, so that reload, back and a sent link show the same. What
// does not parse is as if it were not there.
export function useAddressState<T extends object>(name: string): [T | undefined, (value: T) => void] {
  const [query, setQuery] = useSearchParams();
  const text = query.get(name);
  const set = useCallback((value: T) => {
    setQuery((old) => {
      const next = new URLSearchParams(old);
      next.set(name, JSON.stringify(value));
      return next;
    });
  }, [name, setQuery]);
  return [parse<T>(text), set];
}

export function parse<T extends object>(text: string | null): T | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return value !== null && typeof value === 'object' ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
