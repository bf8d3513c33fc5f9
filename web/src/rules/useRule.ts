import { useCallback, useEffect, useState } from 'react';
import { call, Problem } from '../api/client';
import { completed, rootOf, withRoot, type Group, type Query } from './core/rule';

const kPause = 180; // of typing, before the server is asked

interface State {
  edited: 'text' | 'tree'; // which of the two somebody changed last; the server makes the other of it
  text: string;
  query: Query;
  good?: string; // the last text that is a rule, as the server writes it
  fault?: Problem; // the rule is wrong
  problem?: unknown; // the server could not say
}

// One rule in its two forms. What is edited in one shows in the other as soon as the server has read it.
export function useRule(initial: string) {
  const [state, setState] = useState<State>({ edited: initial ? 'text' : 'tree', text: initial, query: { find: 'customer' } });
  const { edited, text } = state;
  const tree = JSON.stringify(withRoot(state.query, completed(rootOf(state.query))));

  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      try {
        const empty = edited === 'text' && text.trim() === '';
        const body = edited === 'text' && !empty ? { eql: text } : { rule: empty ? { find: 'customer' } : (JSON.parse(tree) as Record<string, unknown>) };
        const { eql, rule } = await call('checkRule', { body, signal: abort.signal });
        setState((old) => {
          const said = { ...old, good: eql, fault: undefined, problem: undefined };
          return old.edited === 'tree' ? { ...said, text: eql } : { ...said, query: rule as Query };
        });
      } catch (error) {
        if (abort.signal.aborted) return;
        const isFault = error instanceof Problem && (error.status === 400 || error.status === 422);
        setState((old) => ({ ...old, good: undefined, fault: isFault ? error : undefined, problem: isFault ? undefined : error }));
      }
    };
    const timer = setTimeout(() => void ask(), kPause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [edited, text && edited === 'text' ? text : '', edited === 'tree' ? tree : '']); // eslint-disable-line react-hooks/exhaustive-deps

  const setText = useCallback((typed: string) => setState((old) => ({ ...old, edited: 'text', text: typed })), []);
  const setRoot = useCallback((root: Group) => setState((old) => ({ ...old, edited: 'tree', query: withRoot(old.query, root) })), []);
  return { ...state, root: rootOf(state.query), setText, setRoot };
}
