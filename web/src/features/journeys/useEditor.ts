import { useCallback, useEffect, useMemo, useState } from 'react';
import { currentProject } from '../../lib/links';
import { kNothing, type Selection } from './canvas/Canvas';
import type { Definition, JourneyEdge, JourneyNode, Kind, Point } from './core/definition';
import { loadDraft, putClipboard, readClipboard, saveDraft } from './core/draft';
import { addNode, changeNode, connect, copy, moveNodes, paste, remove, renameOutcome, type Part } from './core/edit';
import { begin, commit, redo, undo } from './core/history';
import { arrange, placed } from './core/layout';
import { kindOf } from './kinds';

// The drawing: its history, its selection, and every edit of it. `published` is what runs.
export function useEditor(id: string, published: Definition) {
  const project = currentProject();
  const [history, setHistory] = useState(() => begin(placed(loadDraft(project, id) ?? published)));
  const [selection, setSelection] = useState<Selection>(kNothing);
  const definition = history.now;
  const changed = useMemo(() => JSON.stringify(definition) !== JSON.stringify(placed(published)), [definition, published]);
  useEffect(() => {
    const timer = setTimeout(() => saveDraft(project, id, changed ? definition : undefined), 300);
    return () => clearTimeout(timer);
  }, [project, id, definition, changed]);

  const edit = useCallback((change: (old: Definition) => Definition, kind?: string) => setHistory((old) => commit(old, change(old.now), kind)), []);
  const actions = useMemo(() => ({
    setNode: (node: string, change: Partial<JourneyNode>, renamed?: [string, string]) =>
      edit((old) => changeNode(renamed ? renameOutcome(old, node, ...renamed) : old, node, change), `${node} ${Object.keys(change).join()}`),
    setJourney: (change: Partial<Definition>) => edit((old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined)) as Definition, `journey ${Object.keys(change).join()}`),
    move: (places: ReadonlyMap<string, Point>) => edit((old) => moveNodes(old, places)),
    connect: (edge: JourneyEdge) => edit((old) => connect(old, edge)),
    arrange: () => edit((old) => moveNodes(old, arrange(old))),
    undo: () => setHistory(undo),
    redo: () => setHistory(redo),
    discard: () => { setHistory((old) => commit(old, placed(published))); setSelection(kNothing); },
  }), [edit, published]);
  const drop = (kind: Kind, at: Point) => {
    const made = addNode(definition, { type: kind, ...kindOf(kind).initial }, { x: Math.round(at.x), y: Math.round(at.y) });
    if (!made) return false;
    edit(() => made.definition);
    setSelection({ ...kNothing, nodes: new Set([made.id]) });
    return true;
  };
  const removeSelected = () => {
    edit((old) => remove(old, selection.nodes, selection.edges));
    setSelection(kNothing);
  };
  const copySelected = () => putClipboard(copy(definition, selection.nodes));
  const pasteCopied = () => {
    const pasted = paste(definition, readClipboard<Part>() ?? { nodes: [], edges: [] });
    if (!pasted) return;
    edit(() => pasted.definition);
    setSelection({ ...kNothing, nodes: pasted.ids });
  };
  const selectAll = () => setSelection({ ...kNothing, nodes: new Set(definition.nodes.map((node) => node.id)) });
  return { definition, changed, selection, setSelection, ...actions, drop, removeSelected, copySelected, pasteCopied, selectAll, canUndo: history.past.length > 0, canRedo: history.future.length > 0 };
}

export type Editor = ReturnType<typeof useEditor>;

const isTyping = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

// The keys of the canvas, anywhere but where somebody types.
export function useKeys(editor: Editor, editable: boolean) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!editable || isTyping(event.target) || document.querySelector('.ant-modal-wrap:not([style*="none"])')) return;
      const key = event.key.toLowerCase(), ctrl = event.ctrlKey || event.metaKey;
      const act = ctrl
        ? { z: event.shiftKey ? editor.redo : editor.undo, y: editor.redo, c: editor.copySelected, v: editor.pasteCopied, a: editor.selectAll }[key]
        : { delete: editor.removeSelected, backspace: editor.removeSelected }[key];
      if (!act || (key === 'c' && editor.selection.nodes.size === 0)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [editor, editable]);
}
